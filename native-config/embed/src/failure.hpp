#pragma once

#include <stdexcept>
#include <string>

#include "yolox.h"

namespace yolox::embed {

/** What a call ends with: a status and one sentence for the caller. */
class Failure : public std::runtime_error {
 public:
  Failure(yolox_status status, const std::string& sentence)
      : std::runtime_error(sentence), status_(status) {}

  yolox_status status() const noexcept { return status_; }

 private:
  yolox_status status_;
};

}  // namespace yolox::embed
