// A model provider under the test's control: it speaks the Responses API, and says each piece when the test tells it to.

import http from 'node:http';

/** Starts the provider on a free port of loopback. */
export async function startProvider() {
  const answers = [];
  const asked = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const answer = new Answer(response, JSON.parse(body));
      const next = asked.shift();
      if (next) next(answer);
      else answers.push(answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    /** The next request that nobody has answered yet. */
    next: () => (answers.length > 0 ? Promise.resolve(answers.shift()) : new Promise((resolve) => asked.push(resolve))),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The answer to one request. */
class Answer {
  static count = 0;

  constructor(response, request) {
    this.response = response;
    this.request = request;
    this.number = ++Answer.count;
    this.text = '';
    this.closed = new Promise((resolve) => response.once('close', resolve));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.event('response.created', { response: this.whole('in_progress', []) });
  }

  /** Says one more piece. */
  say(piece) {
    if (this.text === '') this.event('response.output_item.added', { output_index: 0, item: this.message('') });
    this.text += piece;
    this.event('response.output_text.delta', { item_id: `msg_${this.number}`, output_index: 0, content_index: 0, delta: piece, logprobs: [] });
    return this;
  }

  /** Ends the answer. */
  end() {
    this.complete([this.message(this.text)]);
  }

  /** Asks for a call instead. */
  call(name, parameters) {
    const id = `call_${this.number}`;
    this.complete([{ type: 'function_call', id: `fc_${this.number}`, call_id: id, name, arguments: JSON.stringify(parameters), status: 'completed' }]);
  }

  complete(output) {
    output.forEach((item, index) => this.event('response.output_item.done', { output_index: index, item }));
    this.event('response.completed', { response: this.whole('completed', output) });
    this.response.end();
  }

  message(text) {
    return { type: 'message', id: `msg_${this.number}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
  }

  whole(status, output) {
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    return { id: `resp_${this.number}`, object: 'response', created_at: 0, status, model: 'scripted', output, parallel_tool_calls: true, tool_choice: 'auto', tools: [], error: null, usage };
  }

  event(type, data) {
    this.response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  }
}
