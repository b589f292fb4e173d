#pragma once

#include <utility>

#include "model/error.hpp"

namespace paymentctl {

/// The Error that `work` ends with.
template <typename Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::ok, "no error"};
}

}  // namespace paymentctl
