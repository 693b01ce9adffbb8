"""The corpus: what clients, broken ones and hostile ones send, as data.

In the bytes, @KEY@ stands for a valid token, @OTHER@ for the token of a user who is no
administrator, @COOKIE@ for a valid session, and NONCE for 16 characters that are new in each case.
"""

NONCE = b"@@NONCE@@NONCE@@"
BODY = b'{"model":"m","messages":[{"role":"user","content":"' + NONCE + b'"}]}'
PATH = b"/v1/chat/completions"

OK = {200}
REFUSED = {400}
UNKNOWN = {400, 404, 405}
NOT_SIGNED_IN = {401}


class Case:
    """`expect`: the statuses that every answer must have. `follow`: what becomes of a good request
    that is sent right behind, on the same connection: it must be "refused" (the connection has
    ended), "served", or "either"; None: none is sent. `hits`: how often the provider is reached.
    `split`: the bytes are sent in pieces of that size. `answers`: None if silence is as good."""

    def __init__(self, group, name, data, expect, follow="refused", hits=0, split=0, optional=False,
                 to_head=False, absent=None):
        self.name = f"{group}: {name}"
        self.data = data
        self.expect = expect
        self.follow = follow
        self.hits = hits
        self.split = split
        self.optional = optional  # ending the connection without an answer is right as well
        self.to_head = to_head
        self.absent = absent      # a field that the answer must not have


def post(extra=b"", body=BODY, length=None, line=None, path=PATH, host=b"Host: 127.0.0.1\r\n",
         key=b"Authorization: Bearer @KEY@\r\n", version=b"1.1"):
    """A request with one thing changed. `length`: the text of Content-Length; False: without it."""
    head = line if line is not None else b"POST " + path + b" HTTP/" + version + b"\r\n"
    head += host + key + b"Content-Type: application/json\r\n"
    if length is None:
        head += b"Content-Length: " + str(len(body)).encode() + b"\r\n"
    elif length is not False:
        head += b"Content-Length: " + length + b"\r\n"
    return head + extra + b"\r\n" + body


def chunked(body, coding=b"Transfer-Encoding: chunked\r\n", **changes):
    return post(coding, body, length=False, **changes)


def chunks(*parts, end=b"0\r\n\r\n"):
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def get(path, extra=b"", key=b"Authorization: Bearer @KEY@\r\n", method=b"GET"):
    return method + b" " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + key + extra + b"\r\n"


def good():
    half = BODY.index(NONCE)
    before, behind = BODY.split(NONCE)
    sized = b"%x" % len(BODY)
    rows = [
        ("as it should be", post(), {}),
        ("in single bytes", post(), {"split": 1}),
        ("in pieces of seven", post(), {"split": 7}),
        ("chunked", chunked(chunks(BODY)), {}),
        ("chunked in single bytes", chunked(chunks(BODY[:half], BODY[half:])), {"split": 1}),
        ("many small chunks", chunked(chunks(*[bytes([each]) for each in before], NONCE,
                                             *[bytes([each]) for each in behind])), {}),
        ("the coding in capitals", chunked(chunks(BODY), b"Transfer-Encoding: CHUNKED\r\n"), {}),
        ("no space behind the colon", chunked(chunks(BODY), b"Transfer-Encoding:chunked\r\n"), {}),
        ("white space around the value", chunked(chunks(BODY), b"Transfer-Encoding: \tchunked \r\n"),
         {}),
        ("the last chunk with more zeros", chunked(chunks(BODY, end=b"000\r\n\r\n")), {}),
        ("a chunk extension", chunked(sized + b";a=b\r\n" + BODY + b"\r\n0\r\n\r\n"), {}),
        ("a quoted chunk extension", chunked(sized + b';a="b c"\r\n' + BODY + b"\r\n0\r\n\r\n"), {}),
        ("a trailer", chunked(chunks(BODY, end=b"0\r\nX-Check: 1\r\n\r\n")), {}),
        ("a trailer that names a key",
         chunked(chunks(BODY, end=b"0\r\nAuthorization: Bearer wrong\r\n\r\n")), {}),
        ("an empty line in front", b"\r\n" + post(), {}),
        ("field names in capitals", post().replace(b"Authorization", b"AUTHORIZATION"), {}),
        ("a query", post(path=PATH + b"?beta=true"), {}),
        ("an address in the host", post(host=b"Host: [::1]:3000\r\n"), {}),
        ("a foreign host, since it has a token", post(host=b"Host: somewhere.example\r\n"), {}),
        ("an upgrade that is not taken", post(b"Upgrade: h2c\r\nConnection: Upgrade\r\n"), {}),
        ("a field that claims another path", post(b"X-Original-URL: /api/user/\r\n"), {}),
        ("a field that claims another method", post(b"X-HTTP-Method-Override: DELETE\r\n"), {}),
        ("continue is expected", post(b"Expect: 100-continue\r\n"), {}),
        ("the key as x-api-key", post(key=b"x-api-key: @KEY@\r\n"), {}),
        ("the key as x-goog-api-key", post(key=b"x-goog-api-key: @KEY@\r\n"), {}),
        ("HTTP/1.0", post(version=b"1.0"), {"follow": "refused"}),
        ("HTTP/1.0 without a host", post(version=b"1.0", host=b""), {"follow": "refused"}),
        ("HTTP/1.0 that stays", post(b"Connection: keep-alive\r\n", version=b"1.0"),
         {"follow": "either"}),
        ("asked to close", post(b"Connection: close\r\n"), {"follow": "refused"}),
        ("100 fields", post(b"".join(b"X-%d: y\r\n" % i for i in range(96))), {}),
        ("a long field", post(b"X-Long: " + b"y" * 30_000 + b"\r\n"), {}),
    ]
    for name, data, more in rows:
        options = {"follow": "served", "hits": 1}
        options.update(more)
        yield Case("good", name, data, OK, **options)


# Fields that may or may not announce a chunked body, depending on who reads them.
CODINGS = [
    ("length and chunked", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    ("chunked and length", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    ("length 0 and chunked", b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
    ("gzip", b"Transfer-Encoding: gzip\r\n"),
    ("xchunked", b"Transfer-Encoding: xchunked\r\n"),
    ("identity", b"Transfer-Encoding: identity\r\n"),
    ("identity and length", b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n"),
    ("chunked twice", b"Transfer-Encoding: chunked, chunked\r\n"),
    ("chunked in two fields", b"Transfer-Encoding: chunked\r\n" * 2),
    ("chunked, then identity", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
    ("gzip, chunked", b"Transfer-Encoding: gzip, chunked\r\n"),
    ("chunked, gzip", b"Transfer-Encoding: chunked, gzip\r\n"),
    ("with a parameter", b"Transfer-Encoding: chunked;q=1\r\n"),
    ("quoted", b'Transfer-Encoding: "chunked"\r\n'),
    ("a vertical tab", b"Transfer-Encoding: \x0bchunked\r\n"),
    ("a NUL", b"Transfer-Encoding: chunked\x00\r\n"),
    ("empty", b"Transfer-Encoding:\r\n"),
    ("a comma in front", b"Transfer-Encoding: ,chunked\r\n"),
    ("a comma behind", b"Transfer-Encoding: chunked,\r\n"),
    ("a space before the colon", b"Transfer-Encoding : chunked\r\n"),
    ("a tab before the colon", b"Transfer-Encoding\t: chunked\r\n"),
    ("a NUL in the name", b"Transfer-Encoding\x00: chunked\r\n"),
    ("in a folded line", b"X: y\r\n Transfer-Encoding: chunked\r\n"),
    ("its value in a folded line", b"Transfer-Encoding:\r\n chunked\r\n"),
    ("behind a bare LF", b"X: y\nTransfer-Encoding: chunked\r\n"),
    ("behind a bare CR", b"X: y\rTransfer-Encoding: chunked\r\n"),
    ("an underscore and a length", b"Transfer_Encoding: chunked\r\nContent-Length: x\r\n"),
]


def odd_lengths(size):
    """Texts of Content-Length that one reads as `size` and another otherwise."""
    return [
        ("a sign", b"+" + size), ("negative", b"-" + size), ("hexadecimal", b"0x40"),
        ("a space within", b"4 0"), ("empty", b""), ("letters behind", size + b"abc"),
        ("an exponent", b"1e2"), ("2^63", b"9223372036854775808"),
        ("2^64 and some", b"18446744073709551717"), ("thirty digits", b"9" * 30),
        ("zeros in front", b"00" + size), ("a list of equals", size + b", " + size),
        ("a list of two", size + b", 5"), ("a comma behind", size + b","),
        ("a semicolon", size + b";"), ("a decimal", size + b".0"), ("quoted", b'"' + size + b'"'),
        ("other digits", "\u0665".encode()), ("a folded line", b"\r\n " + size)]


def two_lengths():
    smuggled = chunks(BODY)
    for name, coding in CODINGS:
        yield Case("smuggling, coding", name, chunked(smuggled, coding), REFUSED)
    yield Case("smuggling, coding", "chunked in HTTP/1.0", chunked(smuggled, version=b"1.0"), REFUSED)

    size = str(len(BODY)).encode()
    for name, length in odd_lengths(size):
        yield Case("smuggling, length", name, post(length=length), REFUSED | {413})
    yield Case("smuggling, length", "twice the same", post(b"Content-Length: " + size + b"\r\n"),
               REFUSED)
    yield Case("smuggling, length", "two that differ", post(b"Content-Length: 5\r\n"), REFUSED)
    yield Case("smuggling, length", "a space before the colon",
               post(b"Content-Length : " + size + b"\r\n", length=False), REFUSED)
    yield Case("smuggling, length", "shorter than the body", post(length=b"20"), REFUSED)
    yield Case("smuggling, length", "none, but a body", post(length=False), REFUSED)


def bad_chunks():
    size = b"%x" % len(BODY)
    rest = b"\r\n" + BODY + b"\r\n0\r\n\r\n"
    for name, body in [
            ("no number", b"zz" + rest), ("negative", b"-" + size + rest), ("0x", b"0x" + size + rest),
            ("a space in front", b" " + size + rest), ("an underscore", b"1_0" + rest),
            ("a space behind", size + b" " + rest), ("a plus", b"+" + size + rest),
            ("2^64", b"10000000000000000" + rest), ("2^64 - 1", b"f" * 16 + rest),
            ("empty line", rest), ("LF behind the size", size + b"\n" + BODY + b"\r\n0\r\n\r\n"),
            ("LF behind the data", size + b"\r\n" + BODY + b"\n0\r\n\r\n"),
            ("nothing behind the data", size + b"\r\n" + BODY + b"0\r\n\r\n"),
            ("more data than told", b"5" + rest),
            ("LF in an extension", size + b";a\nb" + rest),
            ("CR in an extension", size + b";a\rb" + rest),
            ("NUL in an extension", size + b";a\x00b" + rest),
            ("an extension of 300 bytes", size + b";" + b"e" * 300 + rest),
            ("an extension of a megabyte", size + b";" + b"e" * 1_000_000 + rest),
            ("a trailer without colon", chunks(BODY, end=b"0\r\nnonsense\r\n\r\n")),
            ("a trailer that names a length", chunks(BODY, end=b"0\r\nContent-Length: 3\r\n\r\n")),
            ("a trailer that names a coding",
             chunks(BODY, end=b"0\r\nTransfer-Encoding: chunked\r\n\r\n")),
            ("a folded trailer", chunks(BODY, end=b"0\r\nA: b\r\n c\r\n\r\n")),
            ("trailers of 10 KB", chunks(BODY, end=b"0\r\n" + b"A: %s\r\n" % (b"b" * 100) * 100
                                         + b"\r\n")),
            ("a bare LF ends it", chunks(BODY, end=b"0\n\n")),
    ]:
        yield Case("chunks", name, chunked(body), REFUSED | {413})


def bad_lines():
    for name, line, expect in [
            ("HTTP/1.2", b"POST " + PATH + b" HTTP/1.2\r\n", {400, 505}),
            ("HTTP/2.0", b"POST " + PATH + b" HTTP/2.0\r\n", {400, 505}),
            ("HTTP/1.10", b"POST " + PATH + b" HTTP/1.10\r\n", {400, 505}),
            ("lower case http", b"POST " + PATH + b" http/1.1\r\n", {400, 505}),
            ("another protocol", b"POST " + PATH + b" ICY/1.1\r\n", {400, 505}),
            ("no version", b"POST " + PATH + b"\r\n", {400, 505}),
            ("two spaces", b"POST  " + PATH + b" HTTP/1.1\r\n", REFUSED),
            ("two spaces behind the target", b"POST " + PATH + b"  HTTP/1.1\r\n", {400, 505}),
            ("tabs", b"POST\t" + PATH + b"\tHTTP/1.1\r\n", REFUSED),
            ("a space in front", b" POST " + PATH + b" HTTP/1.1\r\n", REFUSED),
            ("a space behind", b"POST " + PATH + b" HTTP/1.1 \r\n", {400, 505}),
            ("no target", b"POST HTTP/1.1\r\n", {400, 505}),
            ("a space in the target", b"POST /v1/chat completions HTTP/1.1\r\n", {400, 505}),
            ("no leading slash", b"POST v1/chat/completions HTTP/1.1\r\n", REFUSED),
            ("absolute form", b"POST http://evil.example" + PATH + b" HTTP/1.1\r\n", REFUSED),
            ("a star", b"POST * HTTP/1.1\r\n", UNKNOWN),
            ("CONNECT", b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n", {400, 405, 501}),
            ("NUL in the method", b"PO\x00ST " + PATH + b" HTTP/1.1\r\n", REFUSED),
            ("a comma in the method", b"PO,ST " + PATH + b" HTTP/1.1\r\n", REFUSED),
            ("NUL in the target", b"POST " + PATH + b"\x00 HTTP/1.1\r\n", REFUSED),
            ("a control byte in the target", b"POST " + PATH + b"\x01 HTTP/1.1\r\n", REFUSED),
            ("bytes over 127 in the target", b"POST /v1/ch\xc3\xa4t HTTP/1.1\r\n", REFUSED),
            ("a fragment", b"POST " + PATH + b"#x HTTP/1.1\r\n", REFUSED),
            ("a target of 9,000 bytes", b"POST /" + b"a" * 9000 + b" HTTP/1.1\r\n", {414}),
            ("a target of 60,000 bytes", b"POST /" + b"a" * 60_000 + b" HTTP/1.1\r\n", {414}),
            ("bare LF", b"POST " + PATH + b" HTTP/1.1\n", REFUSED),
            ("bare CR", b"POST " + PATH + b" HTTP/1.1\r", REFUSED),
            ("a second line in the target", b"POST /v1\r\nX: y HTTP/1.1\r\n", {400, 505}),
    ]:
        yield Case("first line", name, post(line=line), expect)
    yield Case("first line", "HTTP/0.9", b"GET /v1/models\r\n\r\n", {400, 505})
    yield Case("first line", "HTTP/2 by prior knowledge", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
               {400, 505})
    yield Case("first line", "TLS", bytes.fromhex("16030100c8010000c40303") + b"\x00" * 60, REFUSED,
               optional=True)
    yield Case("first line", "many empty lines", b"\r\n" * 50 + post(), REFUSED)
    yield Case("first line", "a method of 60,000 letters", b"A" * 60_000 + b" / HTTP/1.1\r\n\r\n",
               {400, 405, 414, 431})
    for method in (b"post", b"BREW", b"TRACE", b"DELETE", b"PUT", b"PATCH"):
        yield Case("first line", f"the method {method.decode()}",
                   post(line=method + b" " + PATH + b" HTTP/1.1\r\n"), {400, 404, 405, 501},
                   follow="either")


def bad_fields():
    for name, extra, expect in [
            ("a folded line", b"X: y\r\n z\r\n", REFUSED),
            ("a line folded by a tab", b"X: y\r\n\tz\r\n", REFUSED),
            ("no colon", b"nonsense\r\n", REFUSED),
            ("an empty name", b": y\r\n", REFUSED),
            ("a space before the colon", b"X : y\r\n", REFUSED),
            ("a space in the name", b"X Y: z\r\n", REFUSED),
            ("a slash in the name", b"X/Y: z\r\n", REFUSED),
            ("a bracket in the name", b"X[Y]: z\r\n", REFUSED),
            ("a byte over 127 in the name", b"X\xe4: z\r\n", REFUSED),
            ("a byte over 127 in the value", b"X: \xff\r\n", {200, 400}),
            ("NUL in the value", b"X: a\x00b\r\n", REFUSED),
            ("a control byte in the value", b"X: a\x01b\r\n", REFUSED),
            ("DEL in the value", b"X: a\x7fb\r\n", REFUSED),
            ("an escape sequence", b"X: \x1b[31m\r\n", REFUSED),
            ("a bare LF", b"X: y\nEvil: z\r\n", REFUSED),
            ("a bare CR", b"X: y\rEvil: z\r\n", REFUSED),
            ("CR CR LF", b"X: y\r\r\n", REFUSED),
            ("a comma for a colon", b"X, y\r\n", REFUSED),
            ("200 fields", b"".join(b"X-%d: y\r\n" % i for i in range(200)), {431}),
            ("100,000 bytes of fields", b"X: " + b"y" * 990 + b"\r\n", {431}),
            ("one field of 70,000 bytes", b"X: " + b"y" * 70_000 + b"\r\n", {431}),
            ("a name of 70,000 bytes", b"X" * 70_000 + b": y\r\n", {431}),
            ("an unknown expectation", b"Expect: 200-ok\r\n", {417}),
    ]:
        if name.startswith("100,000"):
            extra *= 90
        if expect == {200, 400}:
            yield Case("fields", name, post(extra), {400})
        else:
            yield Case("fields", name, post(extra), expect)
    for name, host in [
            ("none", b""), ("empty", b"Host:\r\n"), ("two", b"Host: a\r\nHost: b\r\n"),
            ("two that agree", b"Host: a\r\nHost: a\r\n"), ("a list", b"Host: a, b\r\n"),
            ("a space", b"Host: a b\r\n"), ("a path", b"Host: a/b\r\n"),
            ("a user", b"Host: root@a\r\n"), ("a port of 99999", b"Host: a:99999\r\n"),
            ("a port of letters", b"Host: a:http\r\n"), ("two ports", b"Host: a:1:2\r\n"),
            ("a bracket left open", b"Host: [::1\r\n"), ("a zone", b"Host: [fe80::1%25eth0]\r\n"),
            ("a query", b"Host: a?b\r\n"), ("only a port", b"Host: :80\r\n"),
            ("percent-encoding", b"Host: %31\r\n")]:
        yield Case("host", name, post(host=host), REFUSED)


def paths():
    for path in [
            b"/", b"/v1", b"/v1/", b"//v1/chat/completions", b"/v1//chat/completions",
            b"/v1/chat/completions/", b"/V1/chat/completions", b"/v1/./chat/completions",
            b"/v1/../v1/chat/completions", b"/api/../v1/chat/completions",
            b"/v1/%2e%2e/v1/chat/completions", b"/v1/chat%2fcompletions", b"/v1/chat%2Fcompletions",
            b"/v1/chat/completions%00", b"/v1/chat/completions%20", b"/v1/chat/completions;a=b",
            b"/v1/chat/completions/..", b"/v1/chat\\completions", b"/%76%31/nothing",
            b"/../../../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/v1/models/../../etc/passwd",
            b"/v1/chat/completions%0d%0aX:%20y", b"/v1/files", b"/v1/unknown", b"/metrics",
            b"/v1beta/models/..%2f..%2fetc:generateContent", b"/v1beta/models/m:launchMissiles",
            b"/v1beta/models/:generateContent", b"/v1beta/models/m",
            b"/v1beta/models/m%0d%0a:generateContent", b"/v1beta/models/%zz:generateContent",
            b"/v1/oneapi/proxy/1/v1/chat/completions"]:
        yield Case("path", path.decode(), post(path=path), UNKNOWN | {501}, follow="either")


def keys():
    for name, key in [
            ("none", b""), ("an empty field", b"Authorization:\r\n"),
            ("no key", b"Authorization: Bearer\r\n"), ("a space", b"Authorization: Bearer  \r\n"),
            ("a wrong one", b"Authorization: Bearer sk-" + b"0" * 48 + b"\r\n"),
            ("cut short", b"Authorization: Bearer @KEYCUT@\r\n"),
            ("one letter more", b"Authorization: Bearer @KEY@x\r\n"),
            ("in capitals", b"Authorization: Bearer @KEYUPPER@\r\n"),
            ("Basic", b"Authorization: Basic @KEY@\r\n"),
            ("without a scheme that is known", b"Authorization: Token @KEY@\r\n"),
            ("SQL", b"Authorization: Bearer sk-' OR 1=1 --\r\n"),
            ("SQL that ends a statement", b"x-api-key: '; DROP TABLE tokens; --\r\n"),
            ("a wildcard", b"Authorization: Bearer sk-%\r\n"),
            ("of 60,000 bytes", b"Authorization: Bearer sk-" + b"a" * 60_000 + b"\r\n"),
            ("in a cookie", b"Cookie: key=@KEY@\r\n"),
            ("a session is no key", b"Cookie: @COOKIE@\r\n"),
            ("as a password", b"Proxy-Authorization: Bearer @KEY@\r\n"),
            ("two that differ", b"Authorization: Bearer @KEY@\r\nAuthorization: Bearer sk-x\r\n"),
    ]:
        yield Case("key", name, post(key=key), {400, 401}, follow="either")
    yield Case("key", "in the query of OpenAI's path", post(path=PATH + b"?key=@KEY@", key=b""),
               NOT_SIGNED_IN, follow="either")
    yield Case("key", "a channel chosen by a user who is no administrator",
               post(key=b"Authorization: Bearer @OTHER@-1\r\n"), {401, 403}, follow="either")
    yield Case("key", "a channel that does not exist",
               post(key=b"Authorization: Bearer @KEY@-999\r\n"), {400, 401, 403, 404, 503},
               follow="either")
    yield Case("key", "a channel that is no number",
               post(key=b"Authorization: Bearer @KEY@-1;2\r\n"), {400, 401, 403, 404},
               follow="either")
    yield Case("key", "a channel chosen by an administrator",
               post(key=b"Authorization: Bearer @KEY@-1\r\n"), OK, follow="served", hits=1)
    yield Case("key", "none, but continue is expected",
               post(b"Expect: 100-continue\r\n", key=b"", body=b"", length=b"1000"), NOT_SIGNED_IN,
               follow=None)


def json_bodies():
    message = b'"messages":[{"role":"user","content":"' + NONCE + b'"}]'
    deep = b"[" * 100 + b"]" * 100
    very_deep = b"[" * 100_000
    for name, body in [
            ("nothing", b""), ("spaces", b"   "), ("an array", b"[" + BODY + b"]"),
            ("a string", b'"model"'), ("a number", b"1"), ("null", b"null"), ("true", b"true"),
            ("cut short", BODY[:-1]), ("cut in a string", BODY[:20]), ("one brace more", BODY + b"}"),
            ("a second document", BODY + BODY), ("a second document behind a line", BODY + b"\n" + BODY),
            ("letters behind", BODY + b"x"), ("a NUL behind", BODY + b"\x00"),
            ("a comma at the end", BODY[:-1] + b",}"), ("a comment", b"/**/" + BODY),
            ("single quotes", BODY.replace(b'"', b"'")), ("no quotes", b"{model:m," + message + b"}"),
            ("the model twice", b'{"model":"m","model":"other",' + message + b"}"),
            ("the model twice, once escaped", b'{"model":"m","mod\\u0065l":"other",' + message + b"}"),
            ("the model twice, first escaped", b'{"mod\\u0065l":"other","model":"m",' + message + b"}"),
            ("stream twice", b'{"model":"m","stream":false,"stream":true,' + message + b"}"),
            ("max_tokens twice", b'{"model":"m","max_tokens":1,"max_tokens":100000,' + message + b"}"),
            ("n twice", b'{"model":"m","n":1,"n":100,' + message + b"}"),
            ("stream_options twice",
             b'{"model":"m","stream":true,"stream_options":{},"stream_options":null,' + message + b"}"),
            ("no model", b"{" + message + b"}"), ("the model is null", b'{"model":null,' + message + b"}"),
            ("the model is a number", b'{"model":1,' + message + b"}"),
            ("the model is an object", b'{"model":{"a":"m"},' + message + b"}"),
            ("the model is empty", b'{"model":"",' + message + b"}"),
            ("the model is nested", b'{"a":{"model":"m"},' + message + b"}"),
            ("the model has 1,000 letters", b'{"model":"' + b"m" * 1000 + b'",' + message + b"}"),
            ("the model has CR LF", b'{"model":"m\\r\\nX-Evil: y",' + message + b"}"),
            ("the model has NUL", b'{"model":"m\\u0000",' + message + b"}"),
            ("deep", b'{"model":"m","a":' + deep + b"," + message + b"}"),
            ("very deep", b'{"model":"m","a":' + very_deep),
            ("deep objects", b'{"model":"m","a":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}"),
            ("a control byte in a string", BODY.replace(NONCE, b"a\x01" + NONCE)),
            ("a line break in a string", BODY.replace(NONCE, b"a\n" + NONCE)),
            ("invalid UTF-8", BODY.replace(NONCE, b"\xff\xfe" + NONCE)),
            ("overlong UTF-8", BODY.replace(NONCE, b"\xc0\xaf" + NONCE)),
            ("a lone surrogate in UTF-8", BODY.replace(NONCE, b"\xed\xa0\x80" + NONCE)),
            ("an unknown escape", BODY.replace(NONCE, b"\\x41" + NONCE)),
            ("half an escape", BODY.replace(NONCE, b"\\u00zz" + NONCE)),
            ("NaN", b'{"model":"m","temperature":NaN,' + message + b"}"),
            ("Infinity", b'{"model":"m","temperature":-Infinity,' + message + b"}"),
            ("a leading zero", b'{"model":"m","temperature":01,' + message + b"}"),
            ("a number without digits", b'{"model":"m","temperature":-,' + message + b"}"),
            ("max_tokens below zero", b'{"model":"m","max_tokens":-5,' + message + b"}"),
            ("max_tokens beyond any model", b'{"model":"m","max_tokens":99999999999999999999,' + message
             + b"}"),
            ("n below zero", b'{"model":"m","n":-1,' + message + b"}"),
            ("n is a million million", b'{"model":"m","n":1000000000000,' + message + b"}"),
            ("a colon is missing", b'{"model" "m",' + message + b"}"),
            ("invalid in what is skipped", b'{"model":"m","a":[1,{],' + message + b"}"),
            ("UTF-16", BODY.decode().encode("utf-16")),
            ("a compressed body that is none", b"\x1f\x8b\x08\x00" + BODY),
    ]:
        yield Case("json", name, post(body=body), {400, 413, 415, 422}, follow="either")
    yield Case("json", "a coding is announced", post(b"Content-Encoding: gzip\r\n"), {400, 415},
               follow="either")
    for name, model in [("unknown", b"nothing"), ("a path", b"../../etc/passwd"),
                        ("SQL", b"m' OR '1'='1"), ("markup", b"<img src=x onerror=alert(1)>"),
                        ("a wildcard", b"%"), ("with a space", b"m ")]:
        yield Case("json", f"the model is {name}", post(body=BODY.replace(b'"m"', b'"%s"' % model)),
                   {400, 404, 503}, follow="either")
    for name, body in [
            ("the name of the model escaped", b'{"mod\\u0065l":"m",' + message + b"}"),
            ("the model escaped", b'{"model":"\\u006d",' + message + b"}"),
            ("white space everywhere", b' \r\n\t{ "model" : "m" , ' + message + b" } \n"),
            ("an address that is nobody's business",
             b'{"model":"m","api_base":"http://127.0.0.1:1/","base_url":"http://127.0.0.1:1/",'
             + message + b"}"),
            ("a large number", b'{"model":"m","seed":123456789012345678901234567890,' + message + b"}"),
            ("unknown members", b'{"model":"m","x":{"model":"other","y":[1,2.50,"\\u00e9"]},' + message
             + b"}"),
    ]:
        yield Case("json, served", name, post(body=body), OK, follow="served", hits=1)


def management():
    login = b'{"username":"root","password":"wrong"}'

    def api(path, method=b"GET", extra=b"", body=b"", host=b"127.0.0.1"):
        length = b"Content-Length: %d\r\n" % len(body) if body else b""
        return (method + b" " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\n" + extra + length
                + b"\r\n" + body)

    cookie = b"Cookie: @COOKIE@\r\n"
    json_type = b"Content-Type: application/json\r\n"
    setting = b'{"key":"Notice","value":"changed"}'
    for name, data, expect in [
            ("nobody asks for the users", api(b"/api/user/"), {401}),
            ("nobody asks for the channels", api(b"/api/channel/?p=0"), {401}),
            ("nobody asks for the options", api(b"/api/option/"), {401}),
            ("a token is no session", api(b"/api/user/", extra=b"Cookie: session=@KEY@\r\n"), {401}),
            ("a made-up session", api(b"/api/user/self", extra=b"Cookie: session=MTIzNDU2\r\n"), {401}),
            ("an empty session", api(b"/api/user/self", extra=b"Cookie: session=\r\n"), {401}),
            ("a session of 20,000 letters",
             api(b"/api/user/self", extra=b"Cookie: session=" + b"a" * 20_000 + b"\r\n"), {401}),
            ("a damaged session", api(b"/api/user/self", extra=b"Cookie: @COOKIECUT@\r\n"), {401}),
            ("text/plain from a foreign page",
             api(b"/api/user/login", b"POST",
                 b"Content-Type: text/plain\r\nOrigin: https://evil.example\r\n", login),
             {400, 403, 415}),
            ("a form", api(b"/api/option/", b"PUT",
                           cookie + b"Content-Type: application/x-www-form-urlencoded\r\n", b"a=b"),
             {400, 403, 415}),
            ("a foreign origin", api(b"/api/option/", b"PUT", cookie + json_type
                                     + b"Origin: https://evil.example\r\n", setting), {400, 403}),
            ("the origin null", api(b"/api/option/", b"PUT", cookie + json_type + b"Origin: null\r\n",
                                    setting), {400, 403}),
            ("a foreign site", api(b"/api/option/", b"PUT", cookie + json_type
                                   + b"Sec-Fetch-Site: cross-site\r\n", setting), {400, 403}),
            ("a foreign host with a session",
             api(b"/api/user/self", extra=cookie, host=b"evil.example"), {400, 403, 421}),
            ("a foreign host with our port",
             api(b"/api/user/self", extra=cookie, host=b"evil.example:3000"), {400, 403, 421}),
            ("an unknown path", api(b"/api/nothing", extra=cookie), {404}),
            ("a climbing path", api(b"/api/../api/user/", extra=cookie), {400, 404}),
            ("an encoded path", api(b"/api/%75ser/self%2f..", extra=cookie), {400, 404}),
            ("an id that is none", api(b"/api/channel/1'--", extra=cookie), {200, 400, 404}),
            ("a broken body", api(b"/api/user/login", b"POST", json_type, b"{"), {200, 400}),
    ]:
        yield Case("management", name, data, expect, follow="either",
                   absent="access-control-allow-origin")
    preflight = (b"Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n"
                 b"Access-Control-Request-Headers: authorization\r\n")
    for path in (b"/v1/chat/completions", b"/api/user/login", b"/dashboard/billing/usage"):
        yield Case("management", f"a preflight of {path.decode()}",
                   get(path, preflight, b"", b"OPTIONS"), {200, 204, 401, 403, 404, 405},
                   follow="either", absent="access-control-allow-origin")


def other_methods():
    yield Case("methods", "HEAD of the models", get(b"/v1/models", method=b"HEAD"), OK | {405},
               follow="served", to_head=True)
    yield Case("methods", "HEAD of the status", get(b"/api/status", key=b"", method=b"HEAD"),
               OK | {405}, follow="served", to_head=True)
    yield Case("methods", "OPTIONS", get(PATH, method=b"OPTIONS"), {200, 204}, follow="served")
    yield Case("methods", "OPTIONS of everything", get(b"*", method=b"OPTIONS"), {200, 204},
               follow="served")
    yield Case("methods", "GET of the chat", get(PATH), {404, 405}, follow="either")
    yield Case("methods", "the models", get(b"/v1/models"), OK, follow="served")
    yield Case("methods", "the models, with a body", get(b"/v1/models", b"Content-Length: 5\r\n")
               + b"hello", {200, 400}, follow="either")
    yield Case("methods", "the models, without a key", get(b"/v1/models", key=b""), NOT_SIGNED_IN,
               follow="either")


def oversized():
    limit = 32 * 1024 * 1024
    yield Case("size", "a length over the limit", post(body=b"", length=b"%d" % (limit + 1)), {413},
               follow=None)
    yield Case("size", "a length of 10^17", post(body=b"", length=b"1" + b"0" * 17), {413},
               follow=None)
    yield Case("size", "chunks over the limit",
               chunked(chunks(*[b"a" * (1 << 20)] * 33)), {413}, follow=None, optional=True)
    yield Case("size", "a chunk that says it is over the limit", chunked(b"7fffffff\r\n"), {413},
               follow=None)


def all_cases():
    for group in (good, two_lengths, bad_chunks, bad_lines, bad_fields, paths, keys, json_bodies,
                  management, other_methods, oversized):
        yield from group()
