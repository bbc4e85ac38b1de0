import TesseraCore
import TesseraTestKit
import Testing

@testable import TesseraPostgres

/// The outcome of changes whose answers do not arrive.
@Suite(.serialized) struct PostgresOutcomeTests {
    private func sentences(_ changes: [Task<Void, any Error>]) async -> [String] {
        var sentences: [String] = []
        for change in changes {
            switch await change.result {
            case .success: sentences.append("")
            case .failure(let error): sentences.append((error as? StoreError)?.sentence ?? "\(error)")
            }
        }
        return sentences
    }

    @Test(arguments: [
        HeldAnswers.Ending.silence, .announced(state: "08006"), .failure(state: "08006"),
        .failure(state: "08007"), .failure(state: "40003"),
    ])
    func changesWithAnUnknownOutcomeAreNotRepeated(_ ending: HeldAnswers.Ending) async throws {
        let way = try await HeldDatabase()
        var passed = 0
        var next = 1
        while true {
            let numbers = next..<next + 3
            next += 3
            let changes = try await way.begin(numbers)
            let isAll = passed == way.answers.heldMessages
            if isAll { way.answers.letGo() } else { way.answers.passOn(passed, then: ending) }
            let sentences = await sentences(changes)
            #expect(try await way.times(numbers) == [1, 1, 1], "after \(passed) messages")
            if isAll {
                #expect(sentences == ["", "", ""])
                break
            }
            for sentence in sentences {
                #expect(sentence.hasSuffix("The outcome is not known."), "after \(passed) messages")
            }
            passed += 1
        }
        #expect(passed > 9)
        way.close()
    }

    /// The server answers every statement, commits, and ends the connection before it reports the end of the transaction.
    @Test(arguments: ["57P01", "57P02", "25P03"])
    func changesWhoseConnectionEndsAfterTheCommitAreNotRepeated(_ code: String) async throws {
        let way = try await HeldDatabase()
        let changes = try await way.begin(1..<4)
        way.answers.passOn(way.answers.heldMessages - 1, then: .announced(state: code))
        let sentences = await sentences(changes)
        #expect(try await way.times(1..<4) == [1, 1, 1])
        for sentence in sentences { #expect(sentence.hasSuffix("The outcome is not known.")) }
        way.close()
    }

    @Test func onlyAChangeThatWasSentHasAnUnknownOutcome() async throws {
        let way = try await HeldDatabase(
            .init(
                connectionCount: 1, requestTimeout: .milliseconds(700), statementTimeout: .milliseconds(600)))
        way.answers.hold()
        let sent = Task.immediate { try await way.change(1) }
        try await way.poll { way.answers.heldTransactions == 1 }
        let waiting = Task.immediate { try await way.change(2) }
        let sentences = await sentences([sent, waiting])
        #expect(sentences[0].hasSuffix("not answered in time. The outcome is not known."))
        #expect(sentences[1].hasSuffix("not answered in time."))
        #expect(try await way.times(1..<3) == [1, 0])
        way.close()
    }
}
