import TesseraCore

extension TokenFormat {
    /// Reads a string of any kind that Tessera creates, also one that an API does not accept as a token.
    func readAnyKind(_ presented: String) -> Reading {
        guard case .misplaced(let kind) = read(presented) else { return read(presented) }
        return read(presented, as: kind.use)
    }
}
