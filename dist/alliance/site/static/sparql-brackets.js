// Oxigraph for the web, up to 0.5.11, reads a chain of + - * / from its right end: 10 - 2 + 1 gives 7.
// Brackets around each step make it read what SPARQL 1.1 says: from the left, products first. This file can
// go when tests/test_sparql_page.py says that the engine needs it no more.

const TOKEN = new RegExp([
  '\\s+', '#[^\\n]*', '<[^<>"{}|^`\\\\\\s]*>', '"""[^]*?"""', "'''[^]*?'''", '"(?:\\\\.|[^"\\\\\\n])*"',
  "'(?:\\\\.|[^'\\\\\\n])*'", '[?$][\\p{L}\\p{N}_]+', '@[A-Za-z-]+',
  '(?:(?:\\p{L}[\\p{L}\\p{N}_.-]*|_)?:)(?:[\\p{L}\\p{N}_:.%-]|\\\\.)*', '\\p{L}[\\p{L}\\p{N}_]*',
  '(?:\\d*\\.\\d+|\\d+)(?:[eE][+-]?\\d+)?', '\\^\\^', '&&', '\\|\\|', '[!<>]=', '[^]',
].join('|'), 'gu');
const BLANK = /^(?:\s|#)/;
const NAME = /^(?:\p{L}|:|<[^=])/u;
const ARITHMETIC = /^[-+*/]$/;
const APART = /^(?:[,;=<>]|[!<>]=|&&|\|\||AS|IN|NOT|DISTINCT)$/i;
// Words after which brackets hold expressions, at once or until the clause is over.
const CLAUSE = { SELECT: true, BY: true, HAVING: true, WHERE: false, FROM: false, VALUES: false };
const EXPRESSION = /^(?:FILTER|BIND)$/i;

function joined(operands, operators) {
  if (operators.length < 2) return operands.map((operand, n) => operand + (operators[n] ?? '')).join('');
  const step = (left, operator, right) => `(${left}${operator}${right})`;
  const sums = [operands[0]];
  const signs = [];
  operators.forEach((operator, n) => {
    if (/[*/]/.test(operator)) {
      sums.push(step(sums.pop(), operator, operands[n + 1]));
    } else {
      signs.push(operator);
      sums.push(operands[n + 1]);
    }
  });
  return signs.reduce((left, sign, n) => step(left, sign, sums[n + 1]), sums[0]);
}

// The same query with brackets around the steps of its sums and products; else every character is as it was.
export function bracketed(query) {
  const tokens = query.match(TOKEN) ?? [];
  let next = 0;

  function pattern(close) {
    let text = '';
    let clause = false;
    let expected = false;
    while (next < tokens.length) {
      const token = tokens[next++];
      text += token;
      if (token === close) return text;
      if (token === '{') {
        text += pattern('}');
        clause = false;
        expected = false;
      } else if (token === '(') {
        text += clause || expected ? expression() : pattern(')');
        expected = false;
      } else {
        clause = CLAUSE[token.toUpperCase()] ?? clause;
        if (EXPRESSION.test(token)) expected = true;
        else if (!BLANK.test(token) && !NAME.test(token)) expected = false;
      }
    }
    return text;
  }

  function expression() {
    let text = '';
    let [operands, operators, operand, begun] = [[], [], '', false];
    const finish = () => {
      text += joined([...operands, operand], operators);
      [operands, operators, operand, begun] = [[], [], '', false];
    };
    while (next < tokens.length) {
      const token = tokens[next++];
      if (token === ')') {
        finish();
        return text + token;
      }
      if (APART.test(token)) {
        finish();
        text += token;
      } else if (begun && ARITHMETIC.test(token)) {
        operands.push(operand);
        operators.push(token);
        [operand, begun] = ['', false];
      } else {
        operand += token;
        if (token === '(') operand += expression();
        if (token === '{') operand += pattern('}');
        begun = begun || !(BLANK.test(token) || ARITHMETIC.test(token) || token === '!');
      }
    }
    finish();
    return text;
  }

  return pattern('');
}
