// How pictures are fed to a model that has no sidecar: the question that it asks, how an answer is read, and the
// sidecar made from it. What is typed is untrusted; each value that cannot be used is one sentence. Disk thread; the
// look-ups of the question are pure.
#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/model_messages.h"
#include "net/model.h"

namespace engine {

// `model` was opened without_input. Null where no picture can be fed to it: its channels are neither 3 nor 1.
std::shared_ptr<const FeedingQuestion> question_of(const net::Model& model, bool beside);

// The text of the sidecar; reads the labels file.
base::Result<std::string> sidecar_of(const net::Model& model, const Feeding& feeding);

}  // namespace engine
