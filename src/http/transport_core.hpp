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
      : options(with_bundle(std::move(curl_options))), trust(options.ca_bundle) {}

  const CurlOptions options;
  TrustStore trust;
  TargetCache targets{};
  HandlePool pool{};  ///< Destroyed first: its handles refer to the others.

 private:
  static CurlOptions with_bundle(CurlOptions options) {
    if (options.ca_bundle.empty()) options.ca_bundle = system_ca_bundle();
    return options;
  }
};

}  // namespace llm::http
