#pragma once

#include <utility>

#include "http/curl_transport.hpp"
#include "http/handle_pool.hpp"
#include "http/target_cache.hpp"

namespace llm::http {

/// What the exchanges of a transport share. Safe from many threads.
struct TransportCore {
  explicit TransportCore(CurlOptions chosen) : options(std::move(chosen)) {}

  const CurlOptions options;
  TargetCache targets{};
  HandlePool pool{};
};

}  // namespace llm::http
