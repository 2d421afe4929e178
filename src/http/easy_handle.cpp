#include "http/easy_handle.hpp"

#include <new>
#include <utility>

#include "http/request_options.hpp"

namespace llm::http {

EasyHandle::EasyHandle() : easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc();
}

EasyHandle::~EasyHandle() { curl_easy_cleanup(easy_); }

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
