#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <llm/stream.hpp>

#include "bedrock/stream_pump.hpp"

namespace llm::bedrock {

/// A stream whose call is made when it is first read, because making it may ask the network.
class LateStream final : public StreamSource {
 public:
  explicit LateStream(std::function<StreamCall()> make) : make_(std::move(make)) {}

  std::optional<StreamEvent> next() override {
    if (pump_ == nullptr) {
      pump_ = std::make_unique<StreamPump>(make_());
      make_ = nullptr;
    }
    return pump_->next();
  }

 private:
  std::function<StreamCall()> make_;
  std::unique_ptr<StreamPump> pump_;
};

}  // namespace llm::bedrock
