// Whatever a response says, a chat ends exactly once; a stream that was damaged never ends well;
// how it was cut on the way changes nothing.
//
// The input: `as 200 d17` (model, s for a stream or w for a whole response, then in any order the
// status, d to flip a bit, c to cut, f for the length of fragments, x for a broken connection);
// lines `name: value` of the head; an empty line; the body. The body of a stream has an event per
// line, `name {...}`: the payload, or the chunk's model JSON. `!name` is an exception, `?code` an
// error, `=` begins bytes without a frame.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/testing.hpp>

#include "aws/protocol/event_stream.hpp"
#include "fuzz/chat_client.hpp"
#include "json/writer.hpp"

namespace {

using namespace llm::fuzz;
using llm::StreamEvent;

/// Removes the text up to `end` from the front, and `end`.
std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t size = rest.find(end);
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(size == std::string_view::npos ? rest.size() : size + 1);
  return taken;
}

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// The first line.
struct Plan {
  const ChatModel* model = &kChatModels[0];
  bool is_stream = false;
  int status = 200;
  std::optional<std::size_t> flip{};
  std::optional<std::size_t> cut{};
  std::size_t fragment = 0;
  bool breaks = false;
};

Plan read_plan(std::string_view line) {
  const std::string_view first = take_until(line, ' ');
  Plan plan;
  if (!first.empty()) plan.model = &chat_model(first[0]);
  plan.is_stream = first.ends_with('s');
  while (!line.empty()) {
    const std::string_view word = take_until(line, ' ');
    const char kind = word.empty() ? ' ' : word[0];
    if (kind == 'd') plan.flip = number(word.substr(1));
    if (kind == 'c') plan.cut = number(word.substr(1));
    if (kind == 'f') plan.fragment = number(word.substr(1));
    if (kind == 'x') plan.breaks = true;
    if (kind >= '1' && kind <= '5') plan.status = static_cast<int>(number(word) % 400 + 200);
  }
  return plan;
}

using Headers = std::array<std::pair<std::string_view, std::string_view>, 2>;

std::string chunk(std::string_view model_json) {
  llm::json::Writer writer;
  writer.begin_object().key("bytes").base64(model_json).member("p", "ab").end_object();
  return std::move(writer).take();
}

/// The bytes of one line of a stream.
std::string event_bytes(std::string_view line) {
  if (line.starts_with('=')) return std::string(line.substr(1));
  const std::size_t payload_begin = std::min(line.find(' '), line.size());
  std::string_view name = line.substr(0, std::min<std::size_t>(payload_begin, 100));
  const std::string_view payload = line.substr(std::min(payload_begin + 1, line.size()));
  std::string bytes;
  if (!llm::base::is_valid_utf8(name)) name = "unknown";
  Headers headers{{{":message-type", "event"}, {":event-type", name}}};
  if (name.starts_with('!')) {
    headers = {{{":message-type", "exception"}, {":exception-type", name.substr(1)}}};
  } else if (name.starts_with('?')) {
    headers = {{{":message-type", "error"}, {":error-code", name.substr(1)}}};
  }
  llm::aws::append_event_message(headers, name == "chunk" ? chunk(payload) : std::string(payload),
                                 bytes);
  return bytes;
}

/// A response, and whether its body is not what the service sent.
struct Body {
  std::string bytes{};
  bool is_damaged = false;
};

Body stream_body(std::string_view lines, const Plan& plan) {
  Body body;
  std::vector<std::size_t> ends{0};
  bool is_framed = true;
  while (!lines.empty()) {
    const std::string_view line = take_until(lines, '\n');
    is_framed = is_framed && !line.starts_with('=');
    body.bytes += event_bytes(line);
    ends.push_back(body.bytes.size());
  }
  if (plan.cut && !body.bytes.empty()) {
    body.bytes.resize(*plan.cut % body.bytes.size());
    body.is_damaged = is_framed && std::ranges::find(ends, body.bytes.size()) == ends.end();
  }
  if (plan.flip && !body.bytes.empty()) {
    char& byte = body.bytes[*plan.flip / 8 % body.bytes.size()];
    byte = static_cast<char>(byte ^ 1 << *plan.flip % 8);
    body.is_damaged = true;
  }
  return body;
}

llm::testing::ScriptedResponse response(const Plan& plan, std::string_view& rest) {
  llm::testing::ScriptedResponse response{.status = plan.status};
  while (!rest.empty()) {
    std::string_view line = take_until(rest, '\n');
    if (line.empty()) break;
    const std::string_view name = take_until(line, ':');
    response.headers.push_back({std::string(name), std::string(line.substr(line.find(' ') + 1))});
  }
  if (plan.breaks) {
    response.read_failure = llm::make_error(llm::ErrorCode::connection_error, "It broke.");
  }
  return response;
}

std::vector<std::string> fragments(std::string_view bytes, std::size_t length) {
  std::vector<std::string> fragments;
  if (length == 0) length = bytes.size();
  for (; !bytes.empty(); bytes.remove_prefix(std::min(length, bytes.size()))) {
    fragments.emplace_back(bytes.substr(0, length));
  }
  return fragments;
}

/// Gives the same response to every request.
class OneResponse final : public llm::Transport {
 public:
  [[nodiscard]] llm::Result<std::unique_ptr<llm::HttpExchange>> send(
      const llm::HttpRequest& request, std::stop_token stop) const override {
    llm::testing::ScriptedTransport once;
    once.expect(response);
    return once.send(request, std::move(stop));
  }

  llm::testing::ScriptedResponse response{};
};

const std::shared_ptr<OneResponse>& transport() {
  static const auto transport = std::make_shared<OneResponse>();
  return transport;
}

/// The events as text; checks that the last one is the one end.
std::string events_of(llm::ChatStream stream, bool is_damaged) {
  std::string text;
  int ends = 0;
  for (const StreamEvent& event : stream) {
    require(ends == 0, "nothing follows the end of a stream");
    if (!event.is_delta()) ++ends;
    require(!event.is_done() || !is_damaged, "a damaged stream is not done");
    if (event.is_error()) check_error(event.error());
    const std::string json = llm::to_json(event);
    check_json(json);
    text.append(json).append("\n");
  }
  require(ends == 1, "a stream ends");
  return text;
}

void check_stream(const Plan& plan, std::string_view rest) {
  auto scripted = response(plan, rest);
  const Body body = stream_body(rest, plan);
  const llm::Client& client = client_of(*plan.model, transport());
  const auto run = [&](std::size_t fragment) {
    scripted.body = fragments(body.bytes, fragment);
    transport()->response = scripted;
    return client.stream_chat_completion(ask());
  };
  const std::string text = events_of(run(plan.fragment), body.is_damaged);
  require(events_of(run(0), body.is_damaged) == text, "fragments change nothing");
  const auto collected = run(plan.fragment).collect();
  require(!collected || text.contains(R"({"type":"done")"), "what is collected was done");
  if (collected) check_json(llm::to_json(*collected));
  if (!collected) check_error(collected.error());
}

void check_whole(const Plan& plan, std::string_view rest) {
  auto scripted = response(plan, rest);
  scripted.body = fragments(rest, plan.fragment);
  transport()->response = scripted;
  const auto result = client_of(*plan.model, transport()).chat_completion(ask());
  if (!result) return check_error(result.error());
  require(result->choices.size() == 1, "a response has one completion");
  require(!plan.breaks, "a response that broke off is an error");
  check_json(llm::to_json(*result));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const Plan plan = read_plan(take_until(rest, '\n'));
  plan.is_stream ? check_stream(plan, rest) : check_whole(plan, rest);
  return 0;
}
