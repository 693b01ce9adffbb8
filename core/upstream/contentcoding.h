#pragma once

#include "http/response.h"

namespace gatehouse::upstream {

// How the body of an answer is packed (RFC 9110, section 8.4).
enum class ContentCoding { None, Gzip, Deflate, Unknown };

// Unknown also where more than one coding is named.
ContentCoding contentCodingOf(const http::ResponseHead &head);

// Sets `shown` to the head without what is no longer true of the unpacked body.
void showUnpacked(const http::ResponseHead &head, http::ResponseHead &shown);

} // namespace gatehouse::upstream
