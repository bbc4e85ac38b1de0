import FuzzDriver
import TesseraBearer

@testable import TesseraHTTP

/// Forms, encodings and field values never trap, survive a round trip, and have bounded lists.
///
/// The first byte selects the parser for the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzForms(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let data, size >= 1 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: data + 1, count: size - 1))
    let text = String(decoding: bytes, as: UTF8.self)
    switch data[0] % 6 {
    case 0: checkForm(bytes)
    case 1: checkEncodings(text)
    case 2: checkCookies(text)
    case 3: checkNegotiation(text)
    case 4: checkNames(text)
    default: checkCredentials(text)
    }
    return 0
}

private func checkForm(_ bytes: [UInt8]) {
    guard let form = try? FormParameters(parsing: bytes) else { return }
    precondition(form.pairs.count <= 200, "an unbounded list of pairs")
    let encoded = FormEncoding.encode(form.pairs.map { ($0.name, $0.value) })
    guard let again = try? FormParameters(parsing: Array(encoded.utf8)) else {
        preconditionFailure("a form is lost")
    }
    precondition(isSame(form.pairs, again.pairs), "an encoded form is decoded as a different form")
    for (name, _) in form.pairs.prefix(4) {
        let values = form.values(of: name)
        precondition(
            !values.isEmpty && (try? form.single(name)) == (values.count == 1 ? values[0] : nil),
            "a different value")
    }
}

private func isSame(_ left: [(name: String, value: String)], _ right: [(name: String, value: String)]) -> Bool
{
    left.count == right.count
        && zip(left, right).allSatisfy {
            $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
        }
}

private func checkEncodings(_ text: String) {
    _ = try? FormEncoding.decode(text)
    guard !text.utf8.contains(0) else { return }
    for encoded in [
        FormEncoding.encode(text), PercentEncoding.queryValue(text), PercentEncoding.pathSegment(text),
    ] {
        precondition(
            encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x26 && $0 != 0x3D }, "an unsafe byte")
        guard let decoded = try? FormEncoding.decode(encoded) else { preconditionFailure("a text is lost") }
        precondition(decoded.utf8.elementsEqual(text.utf8), "an encoded text is decoded as a different text")
    }
}

private func checkCookies(_ text: String) {
    let cookies = Cookies(parsing: [text])
    precondition(cookies.pairs.count <= 256, "an unbounded list of cookies")
    let joined = cookies.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    precondition(
        isSame(Cookies(parsing: [joined]).pairs, cookies.pairs),
        "joined cookies are parsed as different cookies")
    for (name, value) in cookies.pairs.prefix(4) {
        guard let cookie = try? SetCookie(name, value, path: "/", sameSite: .strict) else { continue }
        precondition(
            cookie.fieldValue.utf8.count <= 4096
                && cookie.fieldValue.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F },
            "a cookie that breaks its field")
        precondition(
            cookie.fieldValue.utf8.starts(with: "\(name)=\(value);".utf8), "a different cookie is set")
    }
}

private func checkNegotiation(_ text: String) {
    let accept = Accept(parsing: [text])
    let offers: [MediaType] = [.problemJSON, .html]
    let qualities = offers.map(accept.quality(of:))
    precondition(qualities.allSatisfy { (0...1000).contains($0) }, "a weight out of range")
    let choice = accept.choose(from: .problemJSON, .html)
    precondition((choice == nil) == qualities.allSatisfy { $0 == 0 }, "a choice against the weights")
    if let choice { precondition(accept.quality(of: choice) == qualities.max(), "not the best choice") }
    if let mediaType = MediaType(text) {
        precondition(mediaType.parameters.count <= 32, "an unbounded list of parameters")
        precondition(
            MediaType(mediaType.description) == mediaType,
            "a written media type is parsed as a different type")
    }
    var request = Request(.post, "/")
    request.fields.append(.ifNoneMatch, text)
    request.fields.append(.contentEncoding, text)
    request.fields.append(.contentType, text)
    if request.hasCopy(of: EntityTag("abc")!) {
        precondition(
            text == "*" || text.utf8.contains(UInt8(ascii: "\"")), "a copy that the field does not name")
    }
    if let mediaType = try? request.requireMediaType(.json) {
        precondition(mediaType.hasSameEssence(as: .json), "a different type")
    }
}

private func checkNames(_ text: String) {
    if let origin = Origin(text) {
        precondition(origin.text.utf8.elementsEqual(text.utf8), "a changed origin")
        precondition(
            text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2C && $0 != 0x40 }, "not an origin")
        let web = text.hasPrefix("https://") || text.hasPrefix("http://")
        precondition(web == origin.isWeb && text.utf8.count { $0 == 0x2F } == 2, "a different kind of origin")
    }
    if let name = FieldName(text) {
        precondition(
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }, "not a field name"
        )
        precondition(FieldName(text.uppercased()) == name, "a field name depends on its case")
    }
    if let address = ListenAddress(parsing: text) {
        precondition(
            ListenAddress(parsing: address.description) == address,
            "a written address is parsed as a different address")
    }
}

private func checkCredentials(_ text: String) {
    if case .bearer(let token) = BearerCredentials(field: text) {
        precondition(
            (1...BearerCredentials.maxTokenLength).contains(token.utf8.count), "a token that is too long")
        precondition(
            token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x2C }, "not a token68")
        precondition(text.utf8.reversed().starts(with: token.utf8.reversed()), "a different token")
    }
    let challenge = BearerChallenge(
        realm: text, error: .invalidToken, errorDescription: text, scope: [text], resourceMetadata: text)
    let quotes = challenge.fieldValue.utf8.count { $0 == UInt8(ascii: "\"") }
    precondition(quotes == 10, "a challenge that ends too early")
    precondition(
        challenge.fieldValue.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "a challenge that breaks its field")
}

// SwiftPM expects the entry point of an executable under this name, so libFuzzer's own `main` is never linked.
@_cdecl("FuzzForms_main")
public func fuzzFormsMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> CInt
{
    runFuzzer(count, arguments, fuzzForms)
}
