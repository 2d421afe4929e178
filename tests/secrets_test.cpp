// A client fails in many ways; none of its texts shows a credential, a prompt or a completion.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/bedrock/doctor.hpp>
#include <llm/chat.hpp>
#include <llm/testing.hpp>

#include "aws/protocol/event_stream.hpp"

namespace llm {
namespace {

using testing::ScriptedResponse;

// Part of every secret, of the prompt and of the completion.
const std::string kMarker = "M4RK3R";
const std::string kToken = kMarker + "-session-token-0123456789";
const std::string kApiKey = kMarker + "-api-key-0123456789";

std::string stream_message(std::string_view kind, std::string_view type, std::string_view payload) {
  std::string bytes;
  const std::string name = std::string(":") + std::string(kind) + "-type";
  const std::pair<std::string_view, std::string_view> headers[] = {{name, type},
                                                                   {":message-type", kind}};
  aws::append_event_message(headers, payload, bytes);
  return bytes;
}

std::string message_that_quotes(const std::string& secret) {
  return R"({"message":"what is )" + secret + R"("})";
}

/// Failures before a response, refusals that quote the request, and damaged responses.
/// `secret` is what the calls carry.
std::vector<ScriptedResponse> failures(const std::string& secret) {
  const std::string chunk = R"({"bytes":")" + kMarker + R"(="})";
  const std::vector<HttpHeader> stream = {{"content-type", "application/vnd.amazon.eventstream"}};
  Error lost = make_error(ErrorCode::connection_error, "connection reset");
  lost.retryable = true;
  std::string damaged = stream_message("event", "chunk", chunk);
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  return {
      {.failure = lost},
      {.failure = make_error(ErrorCode::timeout_error, "no first byte")},
      {.status = 403,
       .headers = {{"x-amzn-errortype", "InvalidSignatureException"}},
       .body = {R"({"message":"no\n\nThe Canonical String for this request should have been\n)" +
                secret + R"("})"}},
      {.status = 403, .body = {message_that_quotes(secret)}},
      {.status = 403, .headers = {{"x-amzn-requestid", secret}, {"x-amzn-errortype", secret}}},
      {.status = 502, .body = {"<html>" + secret}},
      {.status = 307, .headers = {{"location", "https://" + kMarker + ".example/"}}},
      {.body = {R"({"generation":")" + kMarker}},
      {.body = {R"(["M4RK3R"])"}},
      {.body = {R"({"generation":{"M4RK3R":"M4RK3R"},"stop_reason":["M4RK3R"]})"}},
      {.body = {kMarker}, .read_failure = lost},
      {.headers = {{"content-type", "text/html"}}, .body = {kMarker}},
      {.headers = stream, .body = {kMarker + std::string(100, 'x')}},
      {.headers = stream, .body = {damaged}},
      {.headers = stream, .body = {stream_message("event", "chunk", chunk)}},
      {.headers = stream, .body = {stream_message("event", "chunk", kMarker)}},
      {.headers = stream, .body = {stream_message(kMarker, kMarker, kMarker)}},
      {.headers = stream,
       .body = {stream_message("exception", "validationException", message_that_quotes(secret))}},
      {.headers = stream, .body = {stream_message("exception", secret, secret)}},
      {.body = {R"({"Output":{"__type":"x#UnknownOperationException","message":"what is )" +
                secret + R"("}})"}},
      {.headers = {{"x-amzn-requestid", secret}}, .body = {"[]"}},
      {.headers = stream, .body = {stream_message("event", "chunk", chunk).substr(0, 40)}},
  };
}

bedrock::Options options_for(ScriptedResponse response, bool with_api_key) {
  auto transport = std::make_shared<testing::ScriptedTransport>();
  transport->expect(std::move(response));
  bedrock::Options options{.model = "meta.llama3-3-70b-instruct-v1:0",
                           .region = "us-east-1",
                           .max_retries = 0,
                           .environment_use = bedrock::EnvironmentUse::ignore,
                           .transport = transport};
  if (with_api_key) {
    options.api_key = Secret(kApiKey);
  } else {
    options.credentials =
        aws::static_credentials({.access_key_id = "AKID",
                                 .secret_access_key = Secret(kMarker + "-secret-access-key"),
                                 .session_token = Secret(kToken),
                                 .source = "test"});
  }
  return options;
}

ChatRequest request() {
  return {.messages = {Message::system(kMarker + " system"), Message::user(kMarker + " prompt")}};
}

/// All texts of an error, as members and as JSON.
std::string all_of(const Error& error) {
  return error.message + ' ' + error.advice + ' ' + error.type + ' ' + error.service_code + ' ' +
         error.request_id + ' ' + to_json(error);
}

/// The texts of each way to use a client that meets `failure`.
std::vector<std::string> texts_of(const ScriptedResponse& failure, bool with_api_key) {
  std::vector<std::string> texts;
  const auto client = bedrock::create_client(options_for(failure, with_api_key));
  const auto response = client->chat_completion(request());
  texts.push_back(response ? "no failure" : all_of(response.error()));

  const auto streaming = bedrock::create_client(options_for(failure, with_api_key));
  ChatStream stream = streaming->stream_chat_completion(request());
  for (const StreamEvent& event : stream) {
    if (event.is_error()) texts.push_back(all_of(event.error()));
  }

  const auto diagnosis = bedrock::diagnose(options_for(failure, with_api_key));
  texts.push_back(diagnosis ? bedrock::to_json(*diagnosis) : all_of(diagnosis.error()));
  return texts;
}

TEST(Secrets, are_in_no_error_and_no_diagnosis) {
  for (const bool with_api_key : {false, true}) {
    const std::vector<ScriptedResponse> all = failures(with_api_key ? kApiKey : kToken);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::vector<std::string> texts = texts_of(all[i], with_api_key);

      EXPECT_EQ(texts.size(), 3U) << "failure " << i;
      for (const std::string& text : texts) {
        EXPECT_EQ(text.find(kMarker), std::string::npos) << "failure " << i << ": " << text;
      }
    }
  }
}

}  // namespace
}  // namespace llm
