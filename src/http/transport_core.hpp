#pragma once

#include <utility>

#include "http/curl_transport.hpp"
#include "http/handle_pool.hpp"
#include "http/target_cache.hpp"
#include "http/trust_store.hpp"

namespace llm::http {

/// What the exchanges of a transport share. Safe from many threads.
struct TransportCore {
  explicit TransportCore(CurlOptions chosen)
      : options(std::move(chosen)), trust(options.ca_bundle) {}

  const CurlOptions options;
  TrustStore trust;
  TargetCache targets{};
  HandlePool pool{};  ///< Last, so that it goes first: its handles know the others.
};

}  // namespace llm::http
