// The JSON file beside a model: what weights cannot say. Every value that changes what the network is fed must be
// there; nothing is guessed. Untrusted input, like the model. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/model.h"

namespace net {

struct Sidecar {
  std::string name;  // may be empty
  InputRule input;
  std::string input_name;  // may be empty
  std::string logits;      // may be empty, as the next two
  std::string probabilities;
  std::vector<std::string> labels;
};

// `file` stands in messages.
base::Result<Sidecar> parse_sidecar(std::string_view text, const std::string& file);

// The text of a sidecar that says this; parse_sidecar() reads the same from it. Numbers are as short as their floats
// allow.
std::string to_json(const Sidecar& sidecar);

// What a sidecar must hold, as an example in one line, for the sentence that asks for one.
std::string sidecar_example();

}  // namespace net
