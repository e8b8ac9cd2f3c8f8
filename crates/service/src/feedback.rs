//! What people think of answers, and test cases made of what was said.

use crate::{Result, Service, agent::refuse_if_any};
use types::{
    ConversationId, Error, ExpectedCall, Feedback, FeedbackDraft, Message, MessageId, Page, Paged, Role,
    TestCaseCreate, ToolCall, branch,
};

/// The suite of test cases that were made of a chat.
const SUITE: &str = "chat";

impl Service {
    /// Stores what a person thinks of an answer, in place of what was thought before.
    ///
    /// # Errors
    /// Not found, not an answer, a text that is too long.
    pub async fn feedback_give(&self, message: MessageId, draft: FeedbackDraft) -> Result<Feedback> {
        refuse_if_any(draft.validate())?;
        self.answer_with_history(message).await?;
        let written = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let feedback = Feedback {
            message_id: message,
            rating: draft.rating,
            comment: written(draft.comment),
            corrected: written(draft.corrected),
            created_at: self.now(),
        };
        self.store().feedback_put(&feedback).await?;
        Ok(feedback)
    }

    /// What people think of the answers of a conversation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn feedback_of(&self, conversation: ConversationId) -> Result<Vec<Feedback>> {
        self.store().feedback_of(conversation).await
    }

    /// All opinions, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn feedback_list(&self, page: Page) -> Result<Paged<Feedback>> {
        self.store().feedback_list(page).await
    }

    /// A test case of the turn that ended with an answer: its question, the calls that were made, and the answer, or what
    /// a person said it should have been. It is not stored.
    ///
    /// # Errors
    /// Not found, not an answer.
    pub async fn case_draft(&self, answer: MessageId) -> Result<TestCaseCreate> {
        let mut history = self.answer_with_history(answer).await?;
        let given = history.pop().ok_or_else(|| Error::not_found("message", answer))?;
        let question = history.pop().filter(|message| message.role == Role::User);
        let question = question.ok_or_else(|| Error::Invalid(format!("{answer} answers no question")))?;
        let opinions = self.store().feedback_of(given.conversation_id).await?;
        let corrected = opinions.into_iter().find(|opinion| opinion.message_id == answer).and_then(|o| o.corrected);
        let calls: Vec<ExpectedCall> = given.tool_calls.into_iter().filter_map(expected).collect();
        Ok(TestCaseCreate {
            user_input: question.content,
            expected_output: Some(corrected.unwrap_or(given.content)),
            expected_tools_json: Some(calls.iter().map(|call| call.name.clone()).collect()),
            expected_calls: (!calls.is_empty()).then_some(calls),
            suite: Some(SUITE.into()),
            ..TestCaseCreate::default()
        })
    }

    /// An answer, last, after what was said before it.
    async fn answer_with_history(&self, id: MessageId) -> Result<Vec<Message>> {
        let conversation = self.store().message_conversation(id).await?;
        let conversation = conversation.ok_or_else(|| Error::not_found("message", id))?;
        let history = branch(self.store().message_list(conversation).await?, Some(id));
        match history.last() {
            Some(Message { role: Role::Assistant, .. }) => Ok(history),
            _ => Err(Error::Invalid(format!("message {id} is no answer of an agent"))),
        }
    }
}

/// The call as a case expects it; one that failed is not expected.
fn expected(call: ToolCall) -> Option<ExpectedCall> {
    let arguments = call.arguments_json.filter(|_| !call.is_error)?;
    Some(ExpectedCall { name: call.tool_name, arguments, ..ExpectedCall::default() })
}
