// Flags whose values are checked while they are parsed, with sentences of our own instead of CLI11's. Throws
// CLI::ValidationError, which command_line.cpp catches. Only for declare() functions; main thread.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"

namespace cli {

// Ranges of a spec's numbers are core::validate's; those of other flags are given here.
struct Bounds {
  int low;
  int high;
};
void add_number(CLI::App& app, const std::string& flag, std::optional<int>& into, const std::string& help,
                Bounds bounds = {std::numeric_limits<int>::min(), std::numeric_limits<int>::max()});
void add_number(CLI::App& app, const std::string& flag, std::optional<double>& into, const std::string& help);
void add_seed(CLI::App& app, std::optional<std::uint64_t>& into, const std::string& help);
void add_text(CLI::App& app, const std::string& flag, std::optional<std::string>& into, const std::string& type,
              const std::string& help);
// The flag, and another one that says the opposite.
void add_either(CLI::App& app, const std::string& yes, const std::string& no, std::optional<bool>& into,
                const std::string& yes_help, const std::string& no_help);

void add_talk(CLI::App& app, Talk& talk);
void add_machine(CLI::App& app, Machine& machine);
void add_model(CLI::App& app, std::optional<std::string>& model);
void add_feeding(CLI::App& app, Feeding& feeding);
void add_spec_file(CLI::App& app, std::optional<std::string>& spec_file);
void add_unit(CLI::App& app, std::optional<std::string>& unit);
void add_image(CLI::App& app, std::optional<std::string>& image);
void add_destination(CLI::App& app, Destination& out, const std::string& type, const std::string& help);

// The text of a --size that is a share of the picture's side, such as "0.4".
base::Result<double> share_of_side(const std::string& text);

// The names nearest to what was written, nearest first; empty if none is near.
std::vector<std::string> near_misses(std::string_view written, std::span<const std::string> names);
// "a, b or c".
std::string either_of(std::span<const std::string> names);

}  // namespace cli
