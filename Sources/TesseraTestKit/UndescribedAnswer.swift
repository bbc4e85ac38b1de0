import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI

/// An answer that does not match the description of the API: one of them is wrong.
public struct UndescribedAnswer: Error, CustomStringConvertible {
    /// The route, the status, and all differences from the description.
    public let description: String
}

extension APIDescription {
    /// Compares an answer with the description of its route. A route without a description permits every answer.
    ///
    /// - Throws: ``UndescribedAnswer``.
    func check(_ answer: TestAnswer, to request: Request) throws(UndescribedAnswer) {
        guard let route = routes.first(where: { $0.matches(request) }) else { return }
        let faults = route.faults(in: answer, isBodiless: request.method == .head)
        guard faults.isEmpty else {
            throw UndescribedAnswer(
                description: "\(route.route) answered \(answer.status): \(faults.joined(separator: "; "))")
        }
    }
}

extension DescribedRoute {
    fileprivate func matches(_ request: Request) -> Bool {
        guard request.method == route.method || (request.method == .head && route.method == .get) else {
            return false
        }
        let pattern = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
        let path = request.path.split(separator: "/", omittingEmptySubsequences: false)
        return pattern.count == path.count
            && zip(pattern, path).allSatisfy { $0 == $1 || ($0.hasPrefix(":") && !$1.isEmpty) }
    }

    fileprivate func faults(in answer: TestAnswer, isBodiless: Bool) -> [String] {
        guard let described = answers.first(where: { $0.status.code == answer.status }) else {
            return ["this status is not described"]
        }
        let fields = described.fields.filter { $0.isRequired && answer.fields[$0.name] == nil }
            .map { "\($0.name) is missing" }
        return isBodiless ? fields : fields + faults(inBodyOf: answer, described)
    }

    private func faults(inBodyOf answer: TestAnswer, _ described: APIOperation.Answer) -> [String] {
        guard let content = described.content else {
            return answer.bytes.isEmpty ? [] : ["there is a body"]
        }
        guard let type = answer.fields[.contentType].flatMap({ MediaType($0) }),
            type.hasSameEssence(as: content.mediaType)
        else { return ["the body is not \(content.mediaType)"] }
        return content.schema.differences(in: answer.json, isOpenToMembers: false)
            .map { "\($0.path) \($0.message)" }
    }
}
