import TesseraHTTP

extension FormParameters {
    /// The value of a parameter that may appear once; `nil` when it is absent. Throws 400 for several.
    func text(_ name: String) throws(HTTPError) -> String? {
        do {
            return try single(name)
        } catch {
            throw error.httpError
        }
    }
}
