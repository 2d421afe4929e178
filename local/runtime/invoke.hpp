#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// How a model's answer goes out.
enum class Delivery { whole, stream };

/// How a request to a model is answered once it has been found valid.
struct Answering {
  Delivery delivery = Delivery::whole;
  std::string_view seed{};            ///< Makes ids of this reply differ from others.
  std::chrono::milliseconds pace{0};  ///< The pause before each event of a stream.
  std::function<Answer(const Conversation&)> answer{};
};

/// InvokeModel and InvokeModelWithResponseStream: finds the model, checks the body, answers.
[[nodiscard]] Checked<Reply> invoke_model(const Request& request, std::string_view model_id,
                                          const Answering& answering);

}  // namespace llm::local
