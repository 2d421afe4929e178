#include "http/easy_handle.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "http/request_options.hpp"

namespace llm::http {

void OpenSockets::add(curl_socket_t socket) {
  if (count_ < sockets_.size()) sockets_[count_++] = socket;
}

void OpenSockets::close(curl_socket_t socket) {
  const auto end = sockets_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::find(sockets_.begin(), end, socket);
  if (found != end) {
    std::copy(std::next(found), end, found);  // Their order tells which is the newest.
    --count_;
  }
  ::close(socket);
}

void OpenSockets::close_all() {
  while (count_ > 0) ::close(sockets_[--count_]);
}

EasyHandle::EasyHandle(OpenSockets* sockets) : easy_(curl_easy_init()), sockets_(sockets) {
  if (easy_ == nullptr) throw std::bad_alloc();
}

EasyHandle::~EasyHandle() {
  if (is_of_this_process()) {
    curl_easy_cleanup(easy_);
  } else {
    port::abandon(easy_);
  }
}

void EasyHandle::begin(void* user) {
  user_ = user;
  detail_.front() = '\0';
}

void EasyHandle::end() {
  user_ = nullptr;
  if (std::exchange(reset_at_end_, false)) {
    curl_easy_reset(easy_);
    is_new_ = true;
    return;
  }
  EasyOptions options(easy_);
  forget_request(options);
}

}  // namespace llm::http
