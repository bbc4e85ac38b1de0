import Glibc
import TesseraCPostgres
import TesseraDatabase

/// The library libpq, loaded at the first use of a PostgreSQL URL.
///
/// It loads two dozen other libraries (Kerberos, LDAP, …), which cost four megabytes and a third of the start-up time. An
/// installation on SQLite has none of this cost and does not need libpq.
///
/// The functions have libpq's names without `PQ`, and the types that its header declares.
final class PostgresLibrary: Sendable {
    typealias Handle = OpaquePointer
    typealias Text = UnsafePointer<CChar>
    typealias Texts = UnsafePointer<UnsafePointer<CChar>?>

    // MARK: Connections

    let connectdbParams: @convention(c) (Texts, Texts, Int32) -> Handle
    let pingParams: @convention(c) (Texts, Texts, Int32) -> PGPing
    let finish: @convention(c) (Handle) -> Void
    let status: @convention(c) (Handle) -> ConnStatusType
    let errorMessage: @convention(c) (Handle) -> Text
    let host: @convention(c) (Handle) -> Text?
    let hostaddr: @convention(c) (Handle) -> Text?
    let port: @convention(c) (Handle) -> Text?
    let socket: @convention(c) (Handle) -> Int32
    let backendPID: @convention(c) (Handle) -> Int32
    let setNoticeReceiver: @convention(c) (Handle, PQnoticeReceiver, UnsafeMutableRawPointer?) -> Void
    let conninfoParse: @convention(c) (Text, OpaquePointer?) -> UnsafeMutablePointer<PQconninfoOption>?
    let conninfoFree: @convention(c) (UnsafeMutablePointer<PQconninfoOption>) -> Void

    // MARK: Sending

    let setnonblocking: @convention(c) (Handle, Int32) -> Int32
    let enterPipelineMode: @convention(c) (Handle) -> Int32
    let pipelineSync: @convention(c) (Handle) -> Int32
    let flush: @convention(c) (Handle) -> Int32
    let sendQuery: @convention(c) (Handle, Text) -> Int32
    let sendQueryParams:
        @convention(c) (
            Handle, Text, Int32, UnsafePointer<Oid>, Texts, UnsafePointer<Int32>, UnsafePointer<Int32>, Int32
        ) -> Int32
    let sendPrepare: @convention(c) (Handle, Text, Text, Int32, UnsafePointer<Oid>) -> Int32
    let sendQueryPrepared:
        @convention(c) (
            Handle, Text, Int32, Texts, UnsafePointer<Int32>, UnsafePointer<Int32>, Int32
        ) -> Int32

    // MARK: Receiving

    let consumeInput: @convention(c) (Handle) -> Int32
    let isBusy: @convention(c) (Handle) -> Int32
    let getResult: @convention(c) (Handle) -> Handle?
    let notifies: @convention(c) (Handle) -> UnsafeMutablePointer<PGnotify>?
    let freemem: @convention(c) (UnsafeMutableRawPointer) -> Void

    // MARK: Results

    let resultStatus: @convention(c) (Handle) -> ExecStatusType
    let resultErrorField: @convention(c) (Handle, Int32) -> Text?
    let cmdTuples: @convention(c) (Handle) -> Text
    let ntuples: @convention(c) (Handle) -> Int32
    let ftype: @convention(c) (Handle, Int32) -> Oid
    let fname: @convention(c) (Handle, Int32) -> Text?
    let getisnull: @convention(c) (Handle, Int32, Int32) -> Int32
    let getvalue: @convention(c) (Handle, Int32, Int32) -> Text?
    let getlength: @convention(c) (Handle, Int32, Int32) -> Int32
    let clear: @convention(c) (Handle) -> Void

    /// The library; `nil` when it is not installed.
    static let shared = PostgresLibrary()

    /// - Throws: ``StoreError`` that says what to install.
    static func loaded() throws(StoreError) -> PostgresLibrary {
        guard let shared else {
            throw StoreError(
                .unavailable,
                "PostgreSQL needs the library libpq, version 14 or newer (Debian: libpq5), which is not installed."
            )
        }
        return shared
    }

    private init?() {
        // Never unloaded. Its functions are found in it alone, and it finds its own libraries by itself.
        guard let library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL),
            // The newest of those that are used: with it, all are there.
            dlsym(library, "PQenterPipelineMode") != nil
        else { return nil }

        func function<Function>(_ name: String) -> Function {
            guard let address = dlsym(library, "PQ\(name)") else {
                preconditionFailure("libpq has no function PQ\(name)")
            }
            return unsafeBitCast(address, to: Function.self)
        }
        connectdbParams = function("connectdbParams")
        pingParams = function("pingParams")
        finish = function("finish")
        status = function("status")
        errorMessage = function("errorMessage")
        host = function("host")
        hostaddr = function("hostaddr")
        port = function("port")
        socket = function("socket")
        backendPID = function("backendPID")
        setNoticeReceiver = function("setNoticeReceiver")
        conninfoParse = function("conninfoParse")
        conninfoFree = function("conninfoFree")
        setnonblocking = function("setnonblocking")
        enterPipelineMode = function("enterPipelineMode")
        pipelineSync = function("pipelineSync")
        flush = function("flush")
        sendQuery = function("sendQuery")
        sendQueryParams = function("sendQueryParams")
        sendPrepare = function("sendPrepare")
        sendQueryPrepared = function("sendQueryPrepared")
        consumeInput = function("consumeInput")
        isBusy = function("isBusy")
        getResult = function("getResult")
        notifies = function("notifies")
        freemem = function("freemem")
        resultStatus = function("resultStatus")
        resultErrorField = function("resultErrorField")
        cmdTuples = function("cmdTuples")
        ntuples = function("ntuples")
        ftype = function("ftype")
        fname = function("fname")
        getisnull = function("getisnull")
        getvalue = function("getvalue")
        getlength = function("getlength")
        clear = function("clear")
    }
}
