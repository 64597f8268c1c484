// The expected values that a script beside them made. Tests only.
#pragma once
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

inline nlohmann::json expected_values(const std::string& name) {
  std::ifstream file(UNITSCOPE_SOURCE_DIR "/tests/study/data/" + name + ".json");
  return nlohmann::json::parse(file);
}
