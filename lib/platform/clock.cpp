#include "platform/clock.hpp"

#include <ctime>

#include "model/error.hpp"

namespace paymentctl {
namespace {

class SystemClock : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }

  [[nodiscard]] LocalTime local(Timestamp moment) const override {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
    std::tm fields{};
#ifdef _WIN32
    const bool known = localtime_s(&fields, &seconds) == 0;
#else
    const bool known = localtime_r(&seconds, &fields) != nullptr;
#endif
    const auto date =
        known ? Date::from(fields.tm_year + 1900, static_cast<unsigned>(fields.tm_mon + 1),
                           static_cast<unsigned>(fields.tm_mday))
              : std::nullopt;
    if (!date) {
      throw Error(ExitCode::software, "the machine's clock shows no usable date; set it");
    }
    return {*date, fields.tm_hour, fields.tm_min, fields.tm_sec};
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace paymentctl
