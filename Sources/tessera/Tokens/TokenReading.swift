import TesseraCore

extension TokenFormat {
    /// Reads a string of any kind, including the kinds that an API does not accept.
    func readAnyKind(_ presented: String) -> Reading {
        guard case .misplaced(let kind) = read(presented) else { return read(presented) }
        return read(presented, as: kind.use)
    }
}
