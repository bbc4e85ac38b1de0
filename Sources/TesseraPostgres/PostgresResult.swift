import TesseraCPostgres
import TesseraDatabase

/// The answer to a statement. Only this type reads results of libpq.
// Safe: libpq's result is never changed after it was made, and depends on no connection.
final class PostgresResult: @unchecked Sendable {
    private let libpq: PostgresLibrary
    private let handle: OpaquePointer

    /// Takes ownership of a result of libpq.
    init(owning handle: OpaquePointer, _ libpq: PostgresLibrary) {
        self.libpq = libpq
        self.handle = handle
    }

    deinit { libpq.clear(handle) }

    enum Status {
        case done
        case failed
        /// The statement did not run, because an earlier one failed.
        case skipped
        /// All statements up to a point of synchronisation were answered.
        case synchronised
    }

    var status: Status {
        switch libpq.resultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: .done
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_PIPELINE_SYNC: .synchronised
        default: .failed
        }
    }

    /// The reason for a failure.
    var failure: PostgresFailure {
        PostgresFailure(
            state: field(tessera_postgres_sqlstate) ?? "", message: field(tessera_postgres_message) ?? "")
    }

    /// The reason for a failure; `nil` after a success.
    var failureIfFailed: PostgresFailure? {
        if case .failed = status { failure } else { nil }
    }

    private func field(_ code: Int32) -> String? {
        libpq.resultErrorField(handle, code).map { String(cString: $0) }
    }

    /// The number of changed rows.
    var affected: Int { Int(String(cString: libpq.cmdTuples(handle))) ?? 0 }

    /// The number in the only row and column, where it was asked for as text; `nil` when it is not that.
    var wholeNumber: Int64? {
        guard rowCount == 1, !isNull(0, 0) else { return nil }
        return Int64(String(decoding: bytes(0, 0), as: UTF8.self))
    }

    var rowCount: Int32 { libpq.ntuples(handle) }

    func type(of column: Int32) -> PostgresType { PostgresType(rawValue: libpq.ftype(handle, column)) }

    func name(of column: Int32) -> String {
        libpq.fname(handle, column).map { String(cString: $0) } ?? "\(column)"
    }

    func isNull(_ row: Int32, _ column: Int32) -> Bool { libpq.getisnull(handle, row, column) != 0 }

    /// The bytes in place: gone with the result.
    func bytes(_ row: Int32, _ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: libpq.getvalue(handle, row, column), count: Int(libpq.getlength(handle, row, column)))
    }
}
