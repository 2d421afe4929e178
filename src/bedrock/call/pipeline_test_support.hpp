#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include <llm/testing.hpp>

#include "aws/endpoint.hpp"
#include "bedrock/call/pipeline.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {

using llm::testing::ScriptedResponse;

/// The body of a response that throttles.
inline const std::string kThrottled =
    R"({"message":"Too many requests, please wait before trying again."})";

/// The response for a service error.
inline ScriptedResponse refusal(int status, const std::string& name, const std::string& body) {
  return {.status = status, .headers = {{"x-amzn-errortype", name}}, .body = {body}};
}

inline ScriptedResponse success(const std::string& body = "{}") { return {.body = {body}}; }

inline std::string header(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& field : request.headers) {
    if (field.name == name) return field.value;
  }
  return {};
}

/// A pipeline to a scripted service, and a request for it.
class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    config_.transport = transport_;
    config_.system = system_;
    config_.identity.credentials = aws::static_credentials({.access_key_id = "AKID",
                                                            .secret_access_key = Secret("shh"),
                                                            .session_token = Secret("tok")});
    request_.name = "InvokeModel";
    request_.endpoint =
        *aws::parse_endpoint("https://bedrock-runtime.us-east-1.amazonaws.com", "x");
    request_.path = "/model/m/invoke";
    request_.headers = {{"content-type", "application/json"}};
    request_.body = std::make_shared<const std::string>("{}");
    request_.region = "us-east-1";
    request_.context = {.operation = "InvokeModel", .region = "us-east-1"};
  }

  Result<Response> send(const CallOptions& options = {}) {
    const Pipeline pipeline(config_);
    return pipeline.send(request_, pipeline.begin(options));
  }

  std::shared_ptr<llm::testing::ScriptedTransport> transport_ =
      std::make_shared<llm::testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  PipelineConfig config_;
  UnsignedRequest request_;
};

}  // namespace llm::bedrock
