#include "app/script.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/image_io.h"
#include "ui/actions.h"

namespace app {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = 1U << 20;
constexpr double kMaxTimeout_s = 3600.0;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::optional<double> number(std::string_view word) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !(std::abs(value) < 1e6)) return std::nullopt;
  return value;
}

base::Error not_understood(std::string_view what, const std::string& why, const std::string& what_to_do) {
  return {"\"" + std::string(what) + "\" cannot be done", why, what_to_do};
}

// ---- the hand
// --------------------------------------------------------------------------------------------------------

// "[map|window] X Y …": the numbers that follow, and what they count in.
struct Numbers {
  Where where = Where::picture;
  std::vector<float> values;
};
std::optional<Numbers> numbers_of(std::span<const std::string_view> words) {
  Numbers found;
  if (!words.empty() && (words[0] == "map" || words[0] == "window" || words[0] == "picture")) {
    found.where = words[0] == "map" ? Where::map : words[0] == "window" ? Where::window : Where::picture;
    words = words.subspan(1);
  }
  for (const std::string_view word : words) {
    const auto value = number(word);
    if (!value) return std::nullopt;
    found.values.push_back(static_cast<float>(*value));
  }
  return found;
}

base::Result<Deed> parse_pointer(std::string_view command, std::span<const std::string_view> words) {
  const std::string_view verb = words[0];
  const bool drags = verb == "drag" || verb == "drag_occluder";
  const auto numbers = numbers_of(words.subspan(1));
  const std::size_t count = numbers ? numbers->values.size() : 0;
  if (!(drags ? count == 4 || count == 5 : count == 2))
    return not_understood(
        command, "its places are missing or are no numbers",
        drags ? "Write drag [map|window] X0 Y0 X1 Y1 [FRAMES]." : "Write " + std::string(verb) + " [map|window] X Y.");
  const auto& values = numbers->values;
  const Place first{numbers->where, values[0], values[1]};
  if (verb == "point") return Deed(Point{first});
  if (verb == "click") return Deed(Click{first});
  Drag drag{first, {numbers->where, values[2], values[3]}};
  if (count == 5) drag.frames = std::clamp(static_cast<int>(values[4]), 1, 100000);
  return Deed(drag);
}

// Dear ImGui's names of keys ("LeftArrow", "PageUp"), the short forms people write, and single characters.
std::optional<int> key_of(std::string_view word) {
  constexpr std::pair<std::string_view, ImGuiKey> kShort[] = {
      {"left", ImGuiKey_LeftArrow}, {"right", ImGuiKey_RightArrow}, {"up", ImGuiKey_UpArrow},
      {"down", ImGuiKey_DownArrow}, {"esc", ImGuiKey_Escape},       {"pgup", ImGuiKey_PageUp},
      {"pgdn", ImGuiKey_PageDown},  {"[", ImGuiKey_LeftBracket},    {"]", ImGuiKey_RightBracket},
      {"/", ImGuiKey_Slash},        {"-", ImGuiKey_Minus},          {"=", ImGuiKey_Equal},
      {".", ImGuiKey_Period},       {",", ImGuiKey_Comma},          {"?", ImGuiKey_Slash}};
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [name, key] : kShort)
    if (lower == name) return word == "?" ? static_cast<int>(key) | ImGuiMod_Shift : static_cast<int>(key);
  for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key) {
    std::string name = ImGui::GetKeyName(static_cast<ImGuiKey>(key));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower == name) return key;
  }
  return std::nullopt;
}

base::Result<Deed> parse_key(std::string_view command, Key::How how, std::string_view chord) {
  Key key{how, 0, {}};
  if (chord.size() == 1 && how != Key::How::release) key.text = chord;
  while (true) {
    const std::size_t plus = chord.find('+', 1);
    const std::string_view word = chord.substr(0, plus);
    if (plus == std::string_view::npos) {
      const auto found = key_of(word);
      if (!found)
        return not_understood(command, "the key \"" + std::string(word) + "\" is not known",
                              "Write a letter, a digit, Left, Right, Up, Down, Space, Tab, Enter, Escape, PageUp, "
                              "PageDown or F1 … F12, with Shift+, Ctrl+ or Alt+ before it.");
      key.chord |= *found;
      return Deed(key);
    }
    if (word == "Shift") {
      key.chord |= ImGuiMod_Shift;
    } else if (word == "Ctrl") {
      key.chord |= ImGuiMod_Ctrl;
    } else if (word == "Alt") {
      key.chord |= ImGuiMod_Alt;
    } else {
      return not_understood(command, "\"" + std::string(word) + "\" cannot be held with another key",
                            "Use Shift, Ctrl or Alt.");
    }
    chord.remove_prefix(plus + 1);
  }
}

// ---- the whole
// -------------------------------------------------------------------------------------------------------

base::Result<Shot> parse_shot(const std::string& name) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  if (!name.empty() && name.size() <= 80 && std::ranges::all_of(name, plain)) return Shot{name};
  return not_understood("shot " + name, "that is no plain name for a file", "Use letters, digits, - and _.");
}

base::Result<ScriptStep> parse_step(const json& in) {
  if (!in.is_object()) return base::Error{"A step cannot be understood", "it is not {…}", ""};
  const auto only = [&](std::initializer_list<std::string_view> known) -> base::Status {
    for (const auto& [key, value] : in.items())
      if (std::ranges::find(known, key) == known.end())
        return not_understood(key, "a step has no such key",
                              "Steps are {\"do\"}, {\"wait\", \"timeout_s\"} and {\"shot\"}.");
    return {};
  };
  if (in.contains("do")) {
    if (auto status = only({"do"}); !status) return status.error();
    const auto text = in["do"].get<std::string>();
    auto deed = parse_deed(text);
    if (!deed) return deed.error();
    return ScriptStep{std::move(*deed), text};
  }
  if (in.contains("wait")) {
    if (auto status = only({"wait", "timeout_s"}); !status) return status.error();
    const auto text = in["wait"].get<std::string>();
    auto wait = parse_wait(text, in.value("timeout_s", Wait{}.timeout_s));
    if (!wait) return wait.error();
    return ScriptStep{*wait, text};
  }
  if (auto status = only({"shot"}); !status) return status.error();
  const auto text = in.at("shot").get<std::string>();
  auto shot = parse_shot(text);
  if (!shot) return shot.error();
  return ScriptStep{std::move(*shot), text};
}

}  // namespace

base::Result<Deed> parse_deed(std::string_view command) {
  const auto words = words_of(command);
  if (words.empty()) return not_understood(command, "it is empty", "Name an action.");
  const std::string_view verb = words[0];
  if (verb == "point" || verb == "click" || verb == "drag" || verb == "drag_occluder")
    return parse_pointer(command, words);
  const auto rest = [&] {  // as written, spaces included
    const auto from = static_cast<std::size_t>(verb.data() + verb.size() - command.data());
    return from < command.size() ? command.substr(from + 1) : std::string_view();
  };
  if (verb == "type") return Deed(Type{std::string(rest())});
  if (words.size() == 2) {
    if (verb == "key") return parse_key(command, Key::How::press, words[1]);
    if (verb == "hold") return parse_key(command, Key::How::hold, words[1]);
    if (verb == "release") return parse_key(command, Key::How::release, words[1]);
    if (const auto notches = number(words[1]); verb == "wheel" && notches)
      return Deed(Wheel{static_cast<float>(*notches)});
  }
  if (const base::Status known = ui::known_action(command); !known) return known.error();
  return Deed(Perform{std::string(command)});
}

base::Result<Wait> parse_wait(std::string_view condition, double timeout_s) {
  const auto words = words_of(condition);
  Wait wait;
  wait.timeout_s = std::clamp(timeout_s, 0.0, kMaxTimeout_s);
  const std::string_view what = words.empty() ? "" : words[0];
  constexpr std::pair<std::string_view, Wait::For> kPlain[] = {
      {"idle", Wait::For::idle},   {"value", Wait::For::value}, {"classes", Wait::For::classes},
      {"sheet", Wait::For::sheet}, {"scan", Wait::For::scan},   {"question", Wait::For::question},
      {"next", Wait::For::next}};
  constexpr std::pair<std::string_view, Wait::For> kCounted[] = {
      {"frames", Wait::For::frames}, {"seconds", Wait::For::seconds}, {"step", Wait::For::step}};
  for (const auto& [word, kind] : kPlain)
    if (words.size() == 1 && what == word) {
      wait.what = kind;
      return wait;
    }
  const auto amount = words.size() == 2 ? number(words[1]) : std::nullopt;
  for (const auto& [word, kind] : kCounted)
    if (amount && *amount >= 0.0 && what == word) {
      wait.what = kind;
      wait.amount = *amount;
      return wait;
    }
  if (words.size() == 2 && what == "map") {
    const std::size_t times = words[1].find('x');
    const auto rows = number(words[1].substr(0, times));
    const auto cols = times == std::string_view::npos ? rows : number(words[1].substr(times + 1));
    if (rows && cols && *rows >= 1.0 && *cols >= 1.0) {
      wait.what = Wait::For::map;
      wait.rows = static_cast<int>(*rows);
      wait.cols = static_cast<int>(*cols);
      return wait;
    }
  }
  return base::Error{"\"" + std::string(condition) + "\" cannot be waited for", "there is no such condition",
                     "Wait for idle, value, classes, sheet, scan, map 17x17, step 64, frames 10 or seconds 0.5."};
}

base::Result<Script> parse_script(std::string_view text) {
  Script script;
  try {
    const json in = json::parse(text);
    if (!in.is_array())
      return base::Error{"The script cannot be understood", "it is not a list",
                         "Write [{\"do\": …}, {\"wait\": …}, …]."};
    for (const json& item : in) {
      auto step = parse_step(item);
      if (!step)
        return base::Error{"Step " + std::to_string(script.size() + 1) + " of the script cannot be understood",
                           step.error().sentence(), ""};
      script.push_back(std::move(*step));
    }
  } catch (const json::parse_error& error) {
    return base::Error{"The script cannot be understood", "it is not JSON at byte " + std::to_string(error.byte),
                       "Write [{\"do\": …}, {\"wait\": …}, …]."};
  } catch (const json::exception&) {
    return base::Error{"Step " + std::to_string(script.size() + 1) + " of the script cannot be understood",
                       "something in it is no text or no number", "Write {\"do\": …}, {\"wait\": …} or {\"shot\": …}."};
  }
  return script;
}

base::Result<Script> load_script(const std::filesystem::path& file) {
  const auto text = core::load_text(file, kMaxBytes);
  if (!text) return text.error();
  auto script = parse_script(*text);
  if (!script) return base::Error{"The script " + file.string() + " cannot be played", script.error().sentence(), ""};
  return script;
}

}  // namespace app
