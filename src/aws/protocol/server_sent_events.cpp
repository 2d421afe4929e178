#include "aws/protocol/server_sent_events.hpp"

#include "base/errors.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kDefaultType = "message";

}  // namespace

bool ServerSentEventDecoder::is_too_large(std::string_view more) const {
  return line_.size() + data_.size() + more.size() > kMaxPayloadBytes;
}

Error ServerSentEventDecoder::too_large() const {
  return make_error(ErrorCode::stream_error,
                    "The stream is malformed. A server-sent event is larger than " +
                        std::to_string(kMaxPayloadBytes) + " bytes.",
                    "Check for proxies between here and the endpoint.");
}

Result<const EventMessage*> ServerSentEventDecoder::next() {
  if (is_handed_out_) {
    data_.clear();
    type_.clear();
    is_handed_out_ = false;
  }
  std::string_view line;
  while (!has_failed_ && take_line(line)) {
    if (!line.empty()) {
      on_line(line);
      continue;
    }
    if (data_.empty()) {
      type_.clear();
      continue;
    }
    is_handed_out_ = true;
    message_.payload = std::string_view(data_).substr(0, data_.size() - 1);
    message_.message_type = "event";
    message_.event_type = type_.empty() ? kDefaultType : std::string_view(type_);
    return &message_;
  }
  if (has_failed_) return std::unexpected(too_large());
  return nullptr;
}

/// The next complete line, without its end. False: there is none.
bool ServerSentEventDecoder::take_line(std::string_view& line) {
  if (is_line_taken_) {
    line_.clear();
    is_line_taken_ = false;
  }
  if (after_return_ && !rest_.empty()) {
    if (rest_.front() == '\n') rest_.remove_prefix(1);
    after_return_ = false;
  }
  const std::size_t end = rest_.find_first_of("\r\n");
  has_failed_ = is_too_large(rest_.substr(0, end));
  if (has_failed_) return false;
  if (end == std::string_view::npos) {
    line_ += rest_;
    rest_ = {};
    return false;
  }
  line = rest_.substr(0, end);
  if (!line_.empty()) {
    line_ += line;
    line = line_;
    is_line_taken_ = true;
  }
  after_return_ = rest_[end] == '\r';
  rest_.remove_prefix(end + 1);
  if (!has_begun_ && line.starts_with(kUtf8Mark)) line.remove_prefix(kUtf8Mark.size());
  has_begun_ = true;
  return true;
}

void ServerSentEventDecoder::on_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos) value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  // A comment has an empty field.
  if (field == "data") {
    data_.append(value).push_back('\n');
  } else if (field == "event") {
    type_ = value;
  }
}

Result<void> ServerSentEventDecoder::finish() const {
  if (has_failed_) return std::unexpected(too_large());
  const bool is_inside_line = !line_.empty() && !is_line_taken_;
  const bool is_inside_event = !data_.empty() && !is_handed_out_;
  if (!is_inside_line && !is_inside_event) return {};
  return std::unexpected(make_error(ErrorCode::stream_error,
                                    "The stream ends inside a server-sent event.",
                                    "Check for proxies between here and the endpoint."));
}

}  // namespace llm::aws
