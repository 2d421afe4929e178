#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bedrock/async/loop_provider.hpp"
#include "bedrock/config/late_region_test_support.hpp"
#include "bedrock/operations/chat.hpp"
#include "tests/support/credential_fixture.hpp"
#include "tests/support/drivers.hpp"
#include "tests/support/virtual_loop.hpp"

namespace llm::bedrock {
namespace {

using test_support::header;

/// Calls of one client, by both drivers; on a loop the instance is asked by a thread.
class LateRegionCalls : public LateRegionFixture, public ::testing::WithParamInterface<DriverKind> {
 protected:
  /// A call of the one client.
  Result<ChatResponse> chat() {
    if (GetParam() == DriverKind::blocking) return chat_completion(*client(), request(), {});
    std::optional<Result<ChatResponse>> response;
    LoopProvider provider = on_loop();
    const auto call = provider.chat_completion(
        request(), {}, [&](Result<ChatResponse> result) { response = std::move(result); });
    if (!loop_.run_until([&] { return response.has_value(); }, true)) return never_ended();
    return *std::move(response);
  }

  /// The error that the stream of a call ends with.
  Result<void> chat_streamed() {
    if (GetParam() == DriverKind::blocking) {
      const auto response = stream_chat_completion(client(), request(), {}).collect();
      if (!response) return std::unexpected(response.error());
      return {};
    }
    LoopProvider provider = on_loop();
    const auto stream = provider.stream_chat_completion(request(), {});
    std::optional<Error> error;
    stream->on_ready([&] {
      while (const StreamEvent* const next = stream->try_next()) {
        if (next->is_error()) error = next->error();
      }
    });
    if (!loop_.run_until([&] { return stream->is_over(); }, true)) return never_ended();
    if (error) return std::unexpected(*error);
    return {};
  }

 private:
  const std::shared_ptr<const ProviderCore>& client() {
    if (client_ == nullptr) client_ = core();
    return client_;
  }
  LoopProvider on_loop() {
    return {client(), loop_.core(), std::make_unique<test_support::ReadyTransport>(transport_)};
  }
  static std::unexpected<Error> never_ended() {
    return std::unexpected(make_error(ErrorCode::internal_error, "The call never ended."));
  }

  test_support::VirtualLoop loop_{system_};
  std::shared_ptr<const ProviderCore> client_;
};

INSTANTIATE_TEST_SUITE_P(Drivers, LateRegionCalls,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);

TEST_P(LateRegionCalls, sends_to_and_signs_for_the_region_of_the_instance_and_caches_it) {
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1\n");
  respond_chat();
  respond_chat();

  const auto first = chat();
  const auto second = chat();

  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(first->warnings.empty());
  const auto requests = transport_->requests();
  ASSERT_EQ(requests.size(), 7U);
  EXPECT_THAT(requests[4].url, ::testing::EndsWith("/latest/meta-data/placement/region"));
  for (const HttpRequest& request : {requests[5], requests[6]}) {
    EXPECT_THAT(request.url,
                ::testing::StartsWith("https://bedrock-runtime.eu-west-1.amazonaws.com/"));
    EXPECT_THAT(header(request, "authorization"), ::testing::HasSubstr("/eu-west-1/bedrock/"));
  }
}

TEST_P(LateRegionCalls, falls_back_to_us_east_1_with_a_warning_when_the_instance_gives_none) {
  respond_credentials();
  respond_token();
  respond(404, "");
  respond_chat();

  const auto response = chat();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(transport_->requests().back().url, ::testing::HasSubstr("us-east-1"));
  ASSERT_EQ(response->warnings.size(), 1U);
  EXPECT_EQ(response->warnings[0].id, "region");
  EXPECT_THAT(response->warnings[0].message, ::testing::HasSubstr("AWS_REGION"));
}

TEST_P(LateRegionCalls, names_the_region_of_the_instance_in_the_errors_of_streams) {
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1");
  transport_->expect({.status = 403,
                      .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
                      .body = {R"({"message":"no"})"}});

  const auto response = chat_streamed();

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, ::testing::HasSubstr("in eu-west-1"));
}

TEST_P(LateRegionCalls, does_not_ask_the_instance_for_credentials_of_another_source) {
  system_->set_env("AWS_ACCESS_KEY_ID", "AKID");
  system_->set_env("AWS_SECRET_ACCESS_KEY", "s");
  respond_chat();

  const auto response = chat();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->warnings.empty());
  ASSERT_EQ(transport_->requests().size(), 1U);
  EXPECT_THAT(transport_->requests()[0].url, ::testing::HasSubstr("us-east-1"));
}

TEST_P(LateRegionCalls, does_not_ask_the_instance_when_a_region_is_configured) {
  system_->set_env("AWS_REGION", "us-west-2");
  respond_credentials();
  respond_chat();

  ASSERT_TRUE(chat());

  ASSERT_EQ(transport_->requests().size(), 4U);
  EXPECT_THAT(transport_->requests()[3].url, ::testing::HasSubstr("us-west-2"));
}

}  // namespace
}  // namespace llm::bedrock
