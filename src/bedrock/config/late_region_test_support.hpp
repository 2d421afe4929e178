#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "bedrock/operations/context.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {

/// A client on an EC2 instance that has a role, without a configured region.
class LateRegionFixture : public ::testing::Test {
 protected:
  LateRegionFixture() {
    system_->set_env("HOME", "/home/me");
    options_.model = "meta.llama3-3-70b-instruct-v1:0";
    options_.transport = transport_;
  }

  void respond(int status, std::string body, std::vector<HttpHeader> headers = {}) {
    transport_->expect(
        {.status = status, .headers = std::move(headers), .body = {std::move(body)}});
  }
  void respond_token() {
    respond(200, "token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  }
  void respond_credentials() {
    respond_token();
    respond(200, "app-role");
    respond(200,
            R"({"Code":"Success","AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","Token":"t",)"
            R"("Expiration":"2026-01-02T09:04:05Z"})");
  }
  void respond_chat() { respond(200, R"({"generation":"Yes.","stop_reason":"stop"})"); }

  [[nodiscard]] std::shared_ptr<const ProviderCore> core() const {
    Result<ProviderConfig> config = resolve(options_, system_);
    EXPECT_TRUE(config);
    return std::make_shared<const ProviderCore>(std::move(*config));
  }
  static ChatRequest request() { return {.messages = {Message::user("Why?")}}; }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

}  // namespace llm::bedrock
