#include "data/collection.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

#include "core/csv.h"
#include "data/user_folders.h"

namespace data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCsvBytes = 64U << 20;

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_one_of(const std::string& extension, std::initializer_list<const char*> known) {
  return std::ranges::find(known, extension) != known.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// img2 before img10: runs of digits are compared as numbers, the rest byte by byte.
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  const auto run = [](const std::string& text, std::size_t& at) {
    while (at < text.size() && text[at] == '0') ++at;
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return std::string_view(text).substr(begin, at - begin);
  };
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto left = run(a, i), right = run(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else if (a[i] != b[j]) {
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
    } else {
      ++i, ++j;
    }
  }
  if ((i < a.size()) != (j < b.size())) return j < b.size();
  return a < b;  // 01 and 1: some order, always the same
}

struct Note {
  std::string label;
  fs::path mask;
  std::string object_source;
  std::string background_source;
};

// What collection.csv says of each file. A table that cannot be read costs labels and masks, not the pictures.
std::map<std::string, Note> read_notes(Collection& collection) {
  std::map<std::string, Note> notes;
  const fs::path path = collection.folder / "collection.csv";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return notes;
  const auto text = core::load_text(path, kMaxCsvBytes);
  if (!text) {
    collection.skipped.push_back({path, text.error()});
    return notes;
  }
  const auto rows = core::parse_csv(*text);
  const auto column = [&](const char* name) {
    return rows.empty() ? std::ptrdiff_t{0} : std::ranges::find(rows.front(), name) - rows.front().begin();
  };
  const auto file = column("file"), label = column("label"), mask = column("mask");
  const auto object = column("object_source"), background = column("background_source");
  if (rows.empty() || file == std::ssize(rows.front())) {
    collection.skipped.push_back(
        {path, {"The table " + path.string() + " is not used", "it has no column \"file\"", "Name the columns."}});
    return notes;
  }
  for (const auto& row : std::span(rows).subspan(1)) {
    const auto cell = [&](std::ptrdiff_t at) {
      return at < std::ssize(row) ? row[static_cast<std::size_t>(at)] : std::string();
    };
    Note note{cell(label), {}, cell(object), cell(background)};
    // A table must not lead out of its folder.
    const fs::path relative = fs::path(cell(mask)).lexically_normal();
    if (!relative.empty() && relative.is_relative() && *relative.begin() != "..")
      note.mask = collection.folder / relative;
    notes[cell(file)] = note;
  }
  if (rows.front() == starter_columns()) collection.name = "starter pictures";
  return notes;
}

}  // namespace

base::Result<Collection> open_collection(const fs::path& folder) {
  const auto refuse = [&](const std::string& why) {
    return base::Error{"The folder " + folder.string() + " cannot be opened", why, "Choose a folder of pictures."};
  };
  std::error_code error;
  if (!fs::is_directory(folder, error)) return refuse(error ? error.message() : "it is not a folder");
  const fs::path whole = fs::absolute(folder, error).lexically_normal();
  Collection collection{folder, (whole.has_filename() ? whole : whole.parent_path()).filename().string(), {}, {}};
  const auto notes = read_notes(collection);

  fs::directory_iterator entries(folder, error);
  if (error) return refuse(error.message());
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    if (error) return refuse(error.message());
    const fs::path& path = entries->path();
    const std::string name = path.filename().string(), extension = lower_case(path.extension().string());
    std::error_code unknown;
    if (name.starts_with('.') || !entries->is_regular_file(unknown)) continue;
    if (is_one_of(extension, {".png", ".jpg", ".jpeg"})) {
      if (entries->file_size(unknown) == 0) {
        collection.skipped.push_back({path, {"The picture " + name + " is skipped", "the file is empty", ""}});
        continue;
      }
      const auto note = notes.find(name);
      const Note known = note != notes.end() ? note->second : Note{};
      collection.pictures.push_back(
          {path, name, known.label, known.mask, known.object_source, known.background_source});
    } else if (is_one_of(extension, {".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".avif", ".jp2", ".svg"})) {
      collection.skipped.push_back(
          {path, {"The picture " + name + " is skipped", "only PNG and JPEG are read", "Save it as PNG or JPEG."}});
    }
  }
  std::ranges::sort(collection.pictures, natural_less, &Picture::name);
  std::ranges::sort(collection.skipped, natural_less, [](const Skipped& skipped) { return skipped.path.string(); });
  return collection;
}

fs::path starter_folder() {
  if (const char* chosen = std::getenv("UNITSCOPE_STARTER"); chosen != nullptr && *chosen != '\0') return chosen;
  return user_folder("XDG_DATA_HOME", ".local/share") / "starter";
}

const std::vector<std::string>& starter_columns() {
  static const std::vector<std::string> columns = {"file", "label", "object_source", "background_source", "mask",
                                                   "x_px", "y_px",  "width_px",      "height_px"};
  return columns;
}

}  // namespace data
