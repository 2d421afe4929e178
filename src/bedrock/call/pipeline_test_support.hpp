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

/// The body of a throttled call.
inline const std::string kThrottled =
    R"({"message":"Too many requests, please wait before trying again."})";

/// A service error.
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

/// A pipeline to a scripted service, and one operation for it.
class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    config_.transport = transport_;
    config_.system = system_;
    config_.identity.credentials = aws::static_credentials({.access_key_id = "AKID",
                                                            .secret_access_key = Secret("shh"),
                                                            .session_token = Secret("tok")});
    operation_.name = "InvokeModel";
    operation_.endpoint =
        *aws::parse_endpoint("https://bedrock-runtime.us-east-1.amazonaws.com", "x");
    operation_.path = "/model/m/invoke";
    operation_.headers = {{"content-type", "application/json"}};
    operation_.body = std::make_shared<const std::string>("{}");
    operation_.region = "us-east-1";
    operation_.context = {.operation = "InvokeModel", .region = "us-east-1"};
  }

  Result<Response> send(const CallOptions& options = {}) {
    return Pipeline(config_).send(operation_, options);
  }

  std::shared_ptr<llm::testing::ScriptedTransport> transport_ =
      std::make_shared<llm::testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  PipelineConfig config_;
  UnsignedRequest operation_;
};

}  // namespace llm::bedrock
