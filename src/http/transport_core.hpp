#pragma once

#include <utility>

#include "http/curl_transport.hpp"
#include "http/handle_pool.hpp"
#include "http/target_cache.hpp"
#include "http/trust_store.hpp"

namespace llm::http {

/// State that the exchanges of one transport share. Safe from many threads.
struct TransportCore {
  explicit TransportCore(CurlOptions curl_options)
      : options(std::move(curl_options)), trust(options.ca_bundle) {}

  const CurlOptions options;
  TrustStore trust;
  TargetCache targets{};
  HandlePool pool{};  ///< Destroyed first: its handles refer to the others.
};

}  // namespace llm::http
