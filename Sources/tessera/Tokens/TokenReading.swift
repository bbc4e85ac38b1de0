import TesseraCore

extension TokenFormat {
    /// Reads a string of any kind, whatever it may be presented as.
    func readAnyKind(_ presented: String) -> Reading {
        guard case .misplaced(let kind) = read(presented) else { return read(presented) }
        return read(presented, as: kind.use)
    }
}
