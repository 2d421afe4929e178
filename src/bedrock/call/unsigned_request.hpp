#pragma once

#include <memory>
#include <string>
#include <vector>

#include <llm/transport.hpp>

#include "aws/endpoint.hpp"
#include "bedrock/call/service_errors.hpp"
#include "bedrock/codec/delivery.hpp"
#include "bedrock/codec/operation.hpp"

namespace llm::bedrock {

/// A request before it has a signature: what all its attempts have in common.
struct UnsignedRequest {
  std::string name;  ///< For messages: `InvokeModel`.
  std::string method = "POST";
  Plane plane = Plane::runtime;
  aws::Endpoint endpoint;
  std::string path;   ///< As sent; begins with `/` and follows the endpoint's own path.
  std::string query;  ///< As sent, without `?`.
  std::vector<HttpHeader> headers;
  std::shared_ptr<const std::string> body;
  std::string region;  ///< For the signature.
  Delivery delivery = Delivery::buffered;
  ErrorContext context;
};

}  // namespace llm::bedrock
