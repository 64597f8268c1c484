#include "ui/preferences.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ui {
namespace {

constexpr const char* kKind = "unitscope-preferences";
constexpr int kVersion = 1;

base::Error refused(std::string why) {
  return {"The preferences cannot be read", std::move(why), "Delete the file to start from the defaults."};
}

base::Result<MapLook> look_from(const nlohmann::json& json) {
  MapLook look;
  for (const auto& [key, value] : json.items()) {
    if (key == "colours") {
      const base::Result<core::ColourMap> colours = core::parse_colour_map(value.get<std::string>());
      if (!colours) return colours.error();
      look.colours = *colours;
    } else if (key == "opacity") {
      look.opacity = std::clamp(value.get<float>(), 0.0F, 1.0F);
    } else if (key == "contour_levels") {
      look.contour_levels = std::clamp(value.get<int>(), 0, 20);
    } else if (key == "values") {
      for (const MapValues known : {MapValues::value, MapValues::drop, MapValues::share})
        if (value.get<std::string>() == to_string(known)) look.values = known;
    } else if (key == "smooth") {
      look.interpolation = value.get<bool>() ? core::Interpolation::bilinear : core::Interpolation::nearest;
    } else if (key == "range_fixed") {
      look.range_fixed = value.get<bool>();
    } else if (key == "fixed_range") {
      look.fixed_range = {value.at(0).get<float>(), value.at(1).get<float>()};
    } else {
      return refused("the key \"look." + key + "\" is unknown");
    }
  }
  return look;
}

base::Result<Preferences> from(const nlohmann::json& json) {
  if (json.value("kind", "") != kKind) return refused(std::string("\"kind\" is not \"") + kKind + "\"");
  if (json.value("version", 0) != kVersion) return refused("they were written by another version");
  Preferences preferences;
  for (const auto& [key, value] : json.items()) {
    if (key == "scale") {
      preferences.scale = std::clamp(value.get<float>(), 0.8F, 2.0F);
    } else if (key == "motion") {
      preferences.motion = value.get<bool>();
    } else if (key == "look") {
      const base::Result<MapLook> look = look_from(value);
      if (!look) return look.error();
      preferences.look = *look;
    } else if (key == "layout_ini") {
      preferences.layout_ini = value.get<std::string>();
    } else if (key == "hints_done") {
      for (std::size_t i = 0; i < kHints; ++i) preferences.hints_done[i] = value.at(i).get<bool>();
    } else if (key == "recent_models") {
      preferences.recent_models = value.get<std::vector<std::string>>();
    } else if (key != "kind" && key != "version") {
      return refused("the key \"" + key + "\" is unknown");
    }
  }
  return preferences;
}

}  // namespace

std::string_view to_string(MapValues values) {
  return values == MapValues::value ? "value" : values == MapValues::drop ? "drop" : "share";
}

std::string to_json(const Preferences& preferences) {
  const MapLook& look = preferences.look;
  nlohmann::ordered_json json;
  json["kind"] = kKind;
  json["version"] = kVersion;
  json["scale"] = preferences.scale;
  json["motion"] = preferences.motion;
  json["look"] = {{"colours", core::to_string(look.colours)},
                  {"opacity", look.opacity},
                  {"contour_levels", look.contour_levels},
                  {"values", to_string(look.values)},
                  {"smooth", look.interpolation == core::Interpolation::bilinear},
                  {"range_fixed", look.range_fixed},
                  {"fixed_range", {look.fixed_range.low, look.fixed_range.high}}};
  json["layout_ini"] = preferences.layout_ini;
  json["hints_done"] = preferences.hints_done;
  json["recent_models"] = preferences.recent_models;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

base::Result<Preferences> preferences_from_json(std::string_view text) {
  try {
    return from(nlohmann::json::parse(text));
  } catch (const nlohmann::json::exception& e) {
    return refused(e.what());
  }
}

}  // namespace ui
