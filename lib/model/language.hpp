#pragma once

namespace paymentctl {

/// Of texts for users: Czech or English.
enum class Language { cs, en };

}  // namespace paymentctl
