#pragma once

#include "base/result.h"
#include "domain/capture.h"

namespace gatehouse::storage {

// A capture in the form in which it is stored: one packed text with all but the bodies, and the bodies
// in packed pieces. A body that is the same as an earlier one of the capture is stored once.
struct PackedPiece
{
    int message = 0; // its place in the order of messageNumber()
    int place = 0;   // among the pieces of the body
    QByteArray data{};
};

struct PackedCapture
{
    QByteArray head{};
    std::vector<PackedPiece> pieces{};

    qint64 bytes() const;
};

// So many bytes of a body make one piece.
inline constexpr qint64 pieceBytes = 256 * 1024;

int messageNumber(domain::CapturePart part);

PackedCapture packed(const domain::Capture &capture);

// What a packed head says. `sources` tells for each message whose pieces are its body.
struct UnpackedHead
{
    domain::Capture capture{};
    std::vector<int> sources{};
};
base::Result<UnpackedHead> unpackedHead(const QByteArray &head);
base::Result<QByteArray> unpackedPiece(const QByteArray &data);

} // namespace gatehouse::storage
