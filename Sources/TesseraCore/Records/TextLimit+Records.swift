import TesseraText

/// The limits for texts from requests in refusals, events, sessions and lists of requests.
extension TextLimit {
    /// Of a method. The longest registered ones have 17 characters.
    static let method = TextLimit(0...40)
    /// Of a path.
    static let path = TextLimit(0...200)
    /// Of the origin of the page that asked.
    static let origin = TextLimit(0...200)
    /// Of the `User-Agent` field.
    static let userAgent = TextLimit(0...200)
    /// Of a network address, with a zone or what a proxy names in its place.
    static let address = TextLimit(0...100)
    /// Of the words of an answer that refuses a request.
    static let detail = TextLimit(0...500)
    /// Of the thing that an event concerns. Names and descriptions are no longer.
    static let subject = TextLimit(0...200)
}
