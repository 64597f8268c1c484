// A script: what to do with the window, what to wait for, which pictures to take. JSON, a list of
//   {"do": "next unit"}        an action by its name, or the hand: point, click, drag, key, hold, release, type, wheel
//   {"wait": "map 17x17"}      a condition; also "timeout_s", 60 if left out
//   {"shot": "occluded"}       occluded.png
// Parsing checks everything that needs no window, so that a slip is found before minutes have passed. Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace app {

// The hand. Places are picture pixels of the stage, 0 … 1 over the occlusion map, or design pixels of the window.
enum class Where { picture, map, window };
struct Place {
  Where where = Where::picture;
  float x = 0.0F;
  float y = 0.0F;
};
struct Point {  // "point [map|window] X Y": moves there
  Place at;
};
struct Click {  // "click [map|window] X Y"
  Place at;
};
struct Drag {  // "drag [map|window] X0 Y0 X1 Y1 [FRAMES]": "drag_occluder" is the same
  Place from, to;
  int frames = 30;
};
struct Key {  // "key Shift+Left", "hold V", "release V"
  enum class How { press, hold, release } how = How::press;
  int chord = 0;     // ImGuiKeyChord
  std::string text;  // what a keyboard types with it: "?"
};
struct Type {  // "type mixed4a:7"
  std::string text;
};
struct Wheel {  // "wheel -3": where the pointer is
  float notches = 0.0F;
};
struct Perform {  // any other: an action of ui/actions.h
  std::string command;
};
using Deed = std::variant<Point, Click, Drag, Key, Type, Wheel, Perform>;

struct Wait {
  enum class For {
    frames,    // "frames 10"
    seconds,   // "seconds 0.5", by the window's clock
    map,       // "map 17x17": at least that many exact rows and columns, of what is chosen now
    step,      // "step 64": every visualization shown has made as many updates
    value,     // "value": the activation with the occluder where it is now
    classes,   // "classes": the likeliest classes for it
    sheet,     // "sheet": the contact sheet of the present picture
    scan,      // "scan": every picture of the folder
    question,  // "question": the practice question that is asked for is shown
    next,      // "next": the one after it is ready
    idle,      // "idle": nothing works, nothing moves
  } what = For::idle;
  int rows = 0;  // map
  int cols = 0;
  double amount = 0.0;  // frames, seconds, step
  double timeout_s = 60.0;
};
struct Shot {
  std::string name;  // of the PNG, without folder and extension
};

struct ScriptStep {
  std::variant<Deed, Wait, Shot> what;
  std::string text;  // as written, for messages
};
using Script = std::vector<ScriptStep>;

base::Result<Deed> parse_deed(std::string_view command);
base::Result<Wait> parse_wait(std::string_view condition, double timeout_s);
base::Result<Script> parse_script(std::string_view json);
base::Result<Script> load_script(const std::filesystem::path& file);

}  // namespace app
