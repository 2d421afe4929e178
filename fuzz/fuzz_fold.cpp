// Whatever a model writes, in every format: its buffered response and its folded stream are the
// same to the client. The input is a letter for the model, and the completion of a script.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/local/script.hpp>

#include "base/time.hpp"
#include "fuzz/chat_client.hpp"
#include "local/service.hpp"

namespace {

using namespace llm::fuzz;

/// A response that has arrived.
class Arrived final : public llm::HttpExchange {
 public:
  explicit Arrived(llm::local::Reply reply)
      : head_{.status = reply.status, .headers = std::move(reply.headers)},
        frames_(std::move(reply.frames)) {
    if (!reply.streamed) frames_ = {{.bytes = std::move(reply.body)}};
  }
  [[nodiscard]] const llm::HttpResponseHead& head() const override { return head_; }
  [[nodiscard]] llm::Result<std::string_view> read_some() override {
    while (next_ < frames_.size() && frames_[next_].bytes.empty()) ++next_;
    if (next_ == frames_.size()) return std::string_view{};
    return frames_[next_++].bytes;
  }

 private:
  llm::HttpResponseHead head_;
  std::vector<llm::local::Frame> frames_;
  std::size_t next_ = 0;
};

/// The local Bedrock without a network between.
class LocalTransport final : public llm::Transport {
 public:
  [[nodiscard]] llm::Result<std::unique_ptr<llm::HttpExchange>> send(
      const llm::HttpRequest& request, std::stop_token) const override {
    const std::size_t path = request.url.find('/', std::string_view("https://").size());
    llm::local::Request received{.method = request.method, .target = request.url.substr(path)};
    received.headers = request.headers;
    if (request.body) received.body = *request.body;
    return std::make_unique<Arrived>(
        service
            ->handle(received, {.now = *llm::base::parse_compact_iso8601("20260101T000000Z"),
                                .request_id = "00000000-0000-4000-8000-000000000001"})
            .reply);
  }

  std::unique_ptr<llm::local::Service> service{};
};

const std::shared_ptr<LocalTransport>& transport() {
  static const auto transport = std::make_shared<LocalTransport>();
  return transport;
}

using Response = llm::Result<llm::ChatResponse>;

std::string text_of(const Response& response) {
  return response ? llm::to_json(*response) : llm::to_json(response.error());
}

bool is_same(const Response& left, const Response& right) {
  if (!left || !right) return !left && !right && left.error().code == right.error().code;
  return left->choices == right->choices && left->usage == right->usage && left->id == right->id &&
         left->details.trace == right->details.trace && left->warnings == right->warnings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  auto rules = llm::local::parse_script(R"({"rules":[{"completion":)" +
                                        std::string(input.substr(1)) + "}]}");
  if (!rules) return 0;
  llm::local::ServerOptions options{.verify_signatures = false, .script = *std::move(rules)};
  transport()->service = std::make_unique<llm::local::Service>(std::move(options));

  const llm::Client& client = client_of(chat_model(input[0]), transport());
  const auto buffered = client.chat_completion(ask());
  const auto folded = client.stream_chat_completion(ask()).collect();
  if (!is_same(buffered, folded)) {
    std::fprintf(stderr, "%s\n%s\n", text_of(buffered).c_str(), text_of(folded).c_str());
    require(false, "both succeed with the same response, or both fail");
  }
  return 0;
}
