#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include <llm/testing.hpp>

#include "aws/endpoint.hpp"
#include "bedrock/async/loop_driver.hpp"
#include "bedrock/call/pipeline.hpp"
#include "tests/support/drivers.hpp"
#include "tests/support/scripted_system.hpp"
#include "tests/support/virtual_loop.hpp"

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
class PipelineFixture : public ::testing::Test {
 protected:
  explicit PipelineFixture(DriverKind driver = DriverKind::blocking) : driver_(driver) {
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
    return send_by(Pipeline(config_), options);
  }

  Result<Response> send_by(const Pipeline& pipeline, const CallOptions& options = {}) {
    const Call call = *pipeline.begin(options);
    if (driver_ == DriverKind::blocking) return pipeline.send(request_, call);
    test_support::VirtualLoop loop(system_);
    test_support::ReadyTransport transport(transport_);
    auto sent = loop.run(send_on(loop.core(), transport, pipeline.shared(), request_, call));
    if (!sent) return std::unexpected(make_error(ErrorCode::internal_error, "It never ended."));
    if (!*sent) return std::unexpected(std::move(sent->error()));
    return std::move((*sent)->response);
  }

  DriverKind driver_;

  std::shared_ptr<llm::testing::ScriptedTransport> transport_ =
      std::make_shared<llm::testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  PipelineConfig config_;
  UnsignedRequest request_;
};

/// Each test runs with both drivers.
class PipelineTest : public PipelineFixture, public ::testing::WithParamInterface<DriverKind> {
 protected:
  PipelineTest() : PipelineFixture(GetParam()) {}
};

}  // namespace llm::bedrock
