#include "local/http/http2_protocol.hpp"

#include <array>

namespace llm::local {
namespace {

// The receive window: bodies of many megabytes upload faster than with the default of 64 KiB.
constexpr std::uint32_t kWindowBytes = 1024 * 1024;
// Enough for one write.
constexpr std::size_t kWriteBytes = 64 * 1024;
// A peer may reset all its streams at once, twice; after that, this many a second.
constexpr std::uint64_t kResetBurst = 2 * kMaxHttp2Streams;
constexpr std::uint64_t kResetsPerSecond = 100;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Callbacks =
    std::unique_ptr<nghttp2_session_callbacks, Deleter<nghttp2_session_callbacks_del>>;
using Options = std::unique_ptr<nghttp2_option, Deleter<nghttp2_option_del>>;

Http2Handler& handler_of(void* user) { return *static_cast<Http2Handler*>(user); }

std::string_view text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv name_value(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    // nghttp2 copies them; its type is not const.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* into, std::size_t room,
                  std::uint32_t* flags, nghttp2_data_source*, void* user) {
  using Next = Http2ReplyBody::Next;
  const auto step = handler_of(user).read_body(stream, {into, room});
  if (!step) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  if (step->next == Next::wait || step->next == Next::cut) return NGHTTP2_ERR_DEFERRED;
  if (step->next == Next::last_data) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(step->count);
}

Callbacks make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        handler_of(user).on_begin(frame->hd.stream_id);
        return 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                    std::uint8_t, void* user) {
        // Trailers are dropped.
        if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        handler_of(user).on_field(frame->hd.stream_id, text(name, name_size),
                                  text(value, value_size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                    std::size_t size, void* user) {
        handler_of(user).on_data(stream, text(bytes, size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
        const bool is_headers = frame->hd.type == NGHTTP2_HEADERS;
        if (!is_headers && frame->hd.type != NGHTTP2_DATA) return 0;
        handler_of(user).on_frame(
            frame->hd.stream_id,
            is_headers ? Http2Handler::Frame::headers : Http2Handler::Frame::data,
            (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, std::int32_t stream, std::uint32_t, void* user) {
        handler_of(user).on_closed(stream);
        return 0;
      });
  return Callbacks(callbacks);
}

Options make_options() {
  nghttp2_option* options = nullptr;
  nghttp2_option_new(&options);
  nghttp2_option_set_no_closed_streams(options, 1);
  nghttp2_option_set_stream_reset_rate_limit(options, kResetBurst, kResetsPerSecond);
  return Options(options);
}

}  // namespace

Http2Protocol::Http2Protocol(Http2Handler& handler) : handler_(handler) {
  nghttp2_session* session = nullptr;
  nghttp2_session_server_new2(&session, make_callbacks().get(), &handler_, make_options().get());
  session_.reset(session);
  const std::array settings{
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMaxHttp2Streams},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxReceivedHeaderBytes},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindowBytes}};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
}

bool Http2Protocol::feed(std::string_view bytes) {
  // nghttp2 itself answers what breaks the protocol; the errors that are left are floods.
  return nghttp2_session_mem_recv(session_.get(),
                                  reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                  bytes.size()) >= 0;
}

bool Http2Protocol::take_output(std::string& out) {
  out.clear();
  const std::uint8_t* bytes = nullptr;
  while (out.size() < kWriteBytes) {
    const ssize_t count = nghttp2_session_mem_send(session_.get(), &bytes);
    if (count <= 0) break;
    out.append(text(bytes, static_cast<std::size_t>(count)));
  }
  return !out.empty();
}

std::size_t Http2Protocol::queued_frames() const {
  return nghttp2_session_get_outbound_queue_size(session_.get());
}

bool Http2Protocol::is_finished() const {
  return nghttp2_session_want_read(session_.get()) == 0 &&
         nghttp2_session_want_write(session_.get()) == 0;
}

void Http2Protocol::send_continue(std::int32_t stream) {
  const nghttp2_nv status = name_value(":status", "100");
  nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, stream, nullptr, &status, 1, nullptr);
}

void Http2Protocol::send_head(std::int32_t stream, const std::vector<HttpHeader>& fields,
                              bool has_body) {
  std::vector<nghttp2_nv> values;
  values.reserve(fields.size());
  for (const HttpHeader& field : fields) values.push_back(name_value(field.name, field.value));
  nghttp2_data_provider body{};
  body.read_callback = read_body;
  nghttp2_submit_response(session_.get(), stream, values.data(), values.size(),
                          has_body ? &body : nullptr);
}

void Http2Protocol::resume_body(std::int32_t stream) {
  nghttp2_session_resume_data(session_.get(), stream);
}

void Http2Protocol::reset(std::int32_t stream, std::uint32_t error) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, error);
}

void Http2Protocol::go_away() {
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

void Http2Protocol::terminate(std::uint32_t error) {
  nghttp2_session_terminate_session(session_.get(), error);
}

}  // namespace llm::local
