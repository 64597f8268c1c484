// A folder of pictures: what is in it, in a fixed order, and what was skipped and why. Any thread; loading a picture
// reads the disk, so never on the UI thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/image_io.h"
#include "core/job.h"

namespace data {

struct Picture {
  std::filesystem::path path;
  std::string name;            // file name
  std::string label;           // of collection.csv, else empty
  std::filesystem::path mask;  // object mask of collection.csv, else empty
  // What the picture was made of, of collection.csv, else empty: pictures that share one are no independent evidence.
  std::string object_source = {};
  std::string background_source = {};
};
struct Skipped {
  std::filesystem::path path;
  base::Error reason;
};
struct Collection {
  std::filesystem::path folder;
  std::string name;               // "starter pictures", or the folder's name
  std::vector<Picture> pictures;  // natural order of names: img2 before img10
  std::vector<Skipped> skipped;   // files that cannot be pictures; broken ones are found when they are loaded
};

// PNG and JPEG files of the folder (not below it). Reads collection.csv if it is there. Nothing is decoded yet.
base::Result<Collection> open_collection(const std::filesystem::path& folder);

// The header of the starter collection's collection.csv.
const std::vector<std::string>& starter_columns();

// The starter collection's place: $UNITSCOPE_STARTER, else the user's data folder.
std::filesystem::path starter_folder();

// Makes the starter collection: photographic cut-outs laid over crops of photographs (five of six pictures), and plain
// crops. Each picture is a PNG of 224 px; masks/ holds the objects' masks; collection.csv says for each file its label,
// the sources of object and background, the mask and the object's place. Same seed and sources, same bytes. Steps one
// file at a time; refuses a folder that holds other files. Resumes what is there.
struct StarterProgress {
  int made = 0;
  int total = 0;
  bool done = false;
  std::vector<Skipped> skipped;      // sources that could not be read
  std::optional<base::Error> error;  // why it ended early: nothing to make pictures of, or a full disk
};
struct StarterOptions {
  std::filesystem::path folder;
  std::uint64_t seed = 0;
  int pictures = 480;
  std::filesystem::path stamps = "/usr/share/tuxpaint/stamps";
  // Not searched below; drawings in them are left out.
  std::vector<std::filesystem::path> backgrounds = {"/usr/share/backgrounds/mate/nature", "/usr/share/backgrounds"};
};
base::Result<std::unique_ptr<core::Job<StarterProgress>>> make_starter(const StarterOptions& options);

}  // namespace data
