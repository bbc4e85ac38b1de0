import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: InstallationStore {
    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        state.withLock { state in
            let secret = state.installationSecrets[name] ?? drawn
            state.installationSecrets[name] = secret
            return secret
        }
    }

    public func tokenPrefixes() async throws(StoreError) -> [TokenPrefix] {
        state.withLock { $0.tokenPrefixes }
    }

    public func noteTokenPrefix(_ prefix: TokenPrefix, chosenAt: NumericDate?) async throws(StoreError) {
        state.withLock { state in
            if chosenAt != nil {
                state.tokenPrefixes.removeAll { $0 == prefix }
                state.tokenPrefixes.insert(prefix, at: 0)
            } else if !state.tokenPrefixes.contains(prefix) {
                state.tokenPrefixes.append(prefix)
            }
        }
    }
}
