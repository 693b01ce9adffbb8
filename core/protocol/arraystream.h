#pragma once

#include "http/eventstream.h"

namespace gatehouse::protocol {

// Splits one JSON array of objects that is sent piece by piece, as Gemini streams without
// `alt=sse`. Each event is an object as soon as its brace is closed: its data is the object, its raw
// text begins with what stands in front of it (the bracket, the comma, white space). The last one has
// the data "]". What follows the array is dropped. It takes time in proportion to the bytes.
class ArrayStreamParser
{
public:
    enum class Fault {
        None,
        TooLong,  // an object with what stands in front of it
        NotArray, // of objects: some byte outside of the objects belongs to something else
    };

    explicit ArrayStreamParser(qint64 maxEventBytes = 1024 * 1024);

    void reset();
    // Appends what has arrived. next() then gives the events that are whole, whose views live until
    // the next call.
    void feed(QByteArrayView bytes);
    // False: there is no further whole event, or there is a fault. The raw texts of all events, one
    // behind the other, followed by rest(), are exactly the bytes that were fed, as far as the array
    // goes.
    bool next(http::Event &event);
    Fault fault() const { return m_fault; }
    // What was fed and is no whole event yet.
    QByteArrayView rest() const { return m_buffer.pending(); }

private:
    // What the next byte outside of strings belongs to.
    enum class Place { Start, FirstObject, Object, BehindObject, NextObject, Closed };

    bool endsEvent(char byte);
    bool endsObject(char byte);
    bool open(char byte);

    qint64 m_maxEventBytes;
    http::StreamBuffer m_buffer;
    Place m_place = Place::Start;
    Fault m_fault = Fault::None;
    qsizetype m_scanned = 0;   // of what is pending
    qsizetype m_dataBegin = 0; // in what is pending
    qint64 m_depth = 0;        // of brackets and braces within the object
    bool m_isInString = false;
    bool m_isEscaped = false;
};

} // namespace gatehouse::protocol
