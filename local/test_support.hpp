#pragma once

// For tests of the local Bedrock only.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <llm/local/server.hpp>

#include "aws/protocol/event_stream.hpp"
#include "aws/protocol/sigv4.hpp"
#include "base/base64.hpp"
#include "base/percent.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "local/formats/native_format.hpp"
#include "local/http/message.hpp"
#include "local/service.hpp"

namespace llm::local::test {

inline constexpr std::string_view kNow = "20261122T152202Z";
inline constexpr std::string_view kHaiku = "anthropic.claude-3-haiku-20240307-v1:0";

inline base::TimePoint now() { return *base::parse_compact_iso8601(kNow); }

/// A parsed text together with its parser.
struct Document {
  explicit Document(std::string_view text) {
    const Result<json::Value> parsed = parser.parse(text);
    if (parsed) root = *parsed;
  }
  json::Value operator[](std::string_view key) const { return root[key]; }

  json::Parser parser;
  json::Value root;
};

inline json::Value element(const json::Value& array, std::size_t index) {
  for (const json::Value value : array.elements()) {
    if (index-- == 0) return value;
  }
  return {};
}

/// An unsigned GET.
inline Request get(std::string target) { return {.method = "GET", .target = std::move(target)}; }

/// An unsigned POST to a model.
inline Request model_request(std::string_view model, std::string_view operation,
                             std::string_view body) {
  Request request{.method = "POST"};
  request.target = "/model/" + base::percent_encode(model) + "/" + std::string(operation);
  request.headers = {{"Host", "127.0.0.1"}, {"Content-Type", "application/json"}};
  request.body = body;
  return request;
}

/// A service that verifies no signatures.
inline Service open_service() {
  ServerOptions options;
  options.verify_signatures = false;
  return Service(std::move(options));
}

/// A service with a script, which verifies no signature.
inline Service service_with(std::vector<Rule> script) {
  ServerOptions options;
  options.verify_signatures = false;
  options.script = std::move(script);
  return Service(std::move(options));
}

inline HandledRequest serve(const Service& service, const Request& request) {
  return service.handle(request, {.now = now(), .request_id = "id"});
}

inline Reply handle(const Service& service, const Request& request) {
  return service
      .handle(request, {.now = now(), .request_id = "00000000-0000-4000-8000-000000000001"})
      .reply;
}

inline Reply invoke(std::string_view model, std::string_view body) {
  return handle(open_service(), model_request(model, "invoke", body));
}

inline Reply invoke_stream(std::string_view model, std::string_view body) {
  return handle(open_service(), model_request(model, "invoke-with-response-stream", body));
}

inline std::string_view header(const Reply& reply, std::string_view name) {
  for (const HttpHeader& candidate : reply.headers) {
    if (candidate.name == name) return candidate.value;
  }
  return {};
}

/// The `message` of a refusal, or the body itself when it has none.
inline std::string message_of(const Reply& reply) {
  const Document body(reply.body);
  return body["message"].exists() ? body["message"].text_or_empty() : reply.body;
}

/// An event of a stream, copied out of the decoder.
struct Event {
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string payload{};
};

/// Decodes the frames of a reply with the decoder of src/aws.
inline std::vector<Event> events_of(const Reply& reply) {
  std::string bytes;
  for (const Frame& frame : reply.frames) bytes += frame.bytes;
  aws::EventStreamDecoder decoder;
  decoder.feed(bytes);
  std::vector<Event> events;
  for (;;) {
    const auto message = decoder.next();
    if (!message) return {};
    if (!*message) break;
    Event& event = events.emplace_back();
    for (const aws::EventHeader& found : (*message)->headers) {
      event.headers.emplace_back(found.name, found.value);
    }
    event.payload = (*message)->payload;
  }
  if (!decoder.finish()) return {};
  return events;
}

/// The native JSON objects inside the `chunk` events of a reply.
inline std::vector<std::string> natives_of(const Reply& reply) {
  std::vector<std::string> natives;
  for (const Event& event : events_of(reply)) {
    const Document payload(event.payload);
    std::string native;
    (void)base::append_base64_decoded(payload["bytes"].text_or_empty(), native);
    natives.push_back(std::move(native));
  }
  return natives;
}

/// A row of a table of refusals: a body, and the message that it is refused with.
struct RefusalRow {
  std::string name{};  ///< Of the test.
  std::string body{};
  std::string message{};

  friend void PrintTo(const RefusalRow& row, std::ostream* out) { *out << row.name; }
};

/// Names a parameterised test after the `name` of its row.
struct RowName {
  template <typename Row>
  std::string operator()(const ::testing::TestParamInfo<Row>& info) const {
    return std::string(info.param.name);
  }
};

/// The message of a schema violation.
inline std::string malformed_message(std::string_view violations) {
  return "Malformed input request: " + std::string(violations) +
         ", please reformat your input and try again.";
}

/// How a test signs.
struct Signer {
  std::string access_key_id = "local";
  std::string secret = "local";
  std::string region = "us-east-1";
  std::string service = "bedrock";
  std::string date = std::string(kNow);
  std::string session_token{};
};

/// Signs all headers of a request.
inline void sign(Request& request, const Signer& signer) {
  request.headers.push_back({"X-Amz-Date", signer.date});
  if (!signer.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", signer.session_token});
  }
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  aws::SigningInput input{
      .method = request.method,
      .path = target.substr(0, mark),
      .query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1),
      .headers = {},
      .payload_sha256 = base::sha256(request.body)};
  for (const HttpHeader& header : request.headers) {
    input.headers.push_back({header.name, header.value});
  }
  const aws::SigningScope scope{
      .date = signer.date.substr(0, 8), .region = signer.region, .service = signer.service};
  const aws::Signature signature = aws::sign(input, scope, signer.access_key_id, signer.secret);
  request.headers.push_back({"Authorization", signature.authorization});
}

}  // namespace llm::local::test
