#include "procedure/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "text/normalise.hpp"

namespace parvis::procedure {

using std::chrono::sys_days;

enum class Op : std::uint8_t {
  literal,
  name,
  list,
  negate,
  logical_not,
  logical_and,
  logical_or,
  equal,
  unequal,
  less,
  at_most,
  more,
  at_least,
  in,
  add,
  subtract,
  multiply,
  divide,
  call,
};

enum class Function : std::uint8_t {
  age,
  days,
  add_days,
  add_months,
  add_working_days,
  count,
  given,
  sum,
  lower,
  starts,
  choose,
  each,
  minutes,
  at,
};

struct Expression::Node {
  Op op = Op::literal;
  Function function = Function::count;
  Value literal = {};
  std::string name = {};
  std::vector<Node> children = {};
};

namespace {

struct Named {
  std::string_view name;
  Function function;
  std::size_t arguments;
};
constexpr std::array kFunctions = {
    Named{"age", Function::age, 1},
    Named{"days", Function::days, 2},
    Named{"add_days", Function::add_days, 2},
    Named{"add_months", Function::add_months, 2},
    Named{"add_working_days", Function::add_working_days, 2},
    Named{"count", Function::count, 1},
    Named{"given", Function::given, 1},
    Named{"sum", Function::sum, 1},
    Named{"lower", Function::lower, 1},
    Named{"starts", Function::starts, 2},
    Named{"if", Function::choose, 3},
    Named{"each", Function::each, 2},
    Named{"minutes", Function::minutes, 1},
    Named{"at", Function::at, 2},
};

constexpr double kDaysMax = 366.0 * 200;  // that a date is moved by

const std::string* text_of(const Value& value) { return std::get_if<std::string>(&value); }

std::optional<double> number_of(const Value& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  const std::string* text = text_of(value);
  if (text == nullptr || text->empty()) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || !std::isfinite(number))
    return std::nullopt;
  return number;
}

std::optional<sys_days> date_of(const Value& value) {
  if (const sys_days* date = std::get_if<sys_days>(&value)) return *date;
  const std::string* text = text_of(value);
  if (text == nullptr) return std::nullopt;
  const auto date = parse_iso_date(*text);
  return date ? std::optional(sys_days(*date)) : std::nullopt;
}

// Negative, zero or positive; nothing when they cannot be compared.
std::optional<int> compare(const Value& a, const Value& b) {
  if (a.absent() || b.absent()) return std::nullopt;
  const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
  if (std::holds_alternative<sys_days>(a) || std::holds_alternative<sys_days>(b)) {
    const auto x = date_of(a), y = date_of(b);
    return x && y ? std::optional(sign(*x, *y)) : std::nullopt;
  }
  if (std::holds_alternative<double>(a) || std::holds_alternative<double>(b)) {
    const auto x = number_of(a), y = number_of(b);
    return x && y ? std::optional(sign(*x, *y)) : std::nullopt;
  }
  if (const std::string *x = text_of(a), *y = text_of(b); x != nullptr && y != nullptr)
    return sign(*x, *y);
  if (const bool *x = std::get_if<bool>(&a), *y = std::get_if<bool>(&b); x && y)
    return sign(*x, *y);
  return std::nullopt;
}

bool equal(const Value& a, const Value& b) { return compare(a, b) == 0; }

bool contains(const Value& whole, const Value& part) {
  if (part.absent()) return false;
  if (const List* list = std::get_if<List>(&whole))
    return std::ranges::any_of(*list, [&](const Value& item) { return equal(item, part); });
  const std::string *text = text_of(whole), *piece = text_of(part);
  return text != nullptr && piece != nullptr && text->contains(*piece);
}

Value whole_number(double number) { return std::isfinite(number) ? Value(number) : Value(); }

std::optional<sys_days> moved(const Value& from, const Value& by, Function how,
                              const Moment& moment) {
  const auto date = date_of(from);
  const auto count = number_of(by);
  if (!date || !count || std::abs(*count) > kDaysMax) return std::nullopt;
  const int n = static_cast<int>(*count);
  if (how == Function::add_days) return *date + std::chrono::days(n);
  if (how == Function::add_months) {
    const CivilDate civil(*date);
    const auto month = civil.year() / civil.month() + std::chrono::months(n);
    const CivilDate same = month / civil.day();
    return sys_days(same.ok() ? same : CivilDate(month / std::chrono::last));
  }
  const auto works = [&](sys_days day) {
    const CivilDate civil(day);
    const std::chrono::weekday weekday(day);
    return moment.working ? moment.working(civil)
                          : weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
  };
  constexpr int kWorkingDaysMax = 1000;
  if (std::abs(n) > kWorkingDaysMax) return std::nullopt;
  sys_days day = *date;
  const std::chrono::days step(n < 0 ? -1 : 1);
  // A year without a worked day ends it.
  for (int left = std::abs(n), idle = 0; left > 0 && idle < 366;) {
    day += step;
    works(day) ? (--left, idle = 0) : ++idle;
  }
  return day;
}

}  // namespace

bool Value::truth() const {
  if (const bool* yes = std::get_if<bool>(this)) return *yes;
  if (const double* number = std::get_if<double>(this)) return *number != 0;
  if (const std::string* text = std::get_if<std::string>(this)) return !text->empty();
  if (const List* list = std::get_if<List>(this)) return !list->empty();
  return std::holds_alternative<sys_days>(*this);
}

namespace {

class Evaluator {
 public:
  Evaluator(const Lookup& lookup, const Moment& moment) : lookup_(lookup), moment_(moment) {}

  template <typename Node>
  Value operator()(const Node& node) const {
    const auto at = [&](std::size_t i) { return (*this)(node.children[i]); };
    switch (node.op) {
      case Op::literal:
        return node.literal;
      case Op::name:
        return named(node.name);
      case Op::list: {
        List items;
        for (const Node& child : node.children) items.push_back((*this)(child));
        return items;
      }
      case Op::negate: {
        const auto number = number_of(at(0));
        return number ? Value(-*number) : Value();
      }
      case Op::logical_not:
        return !at(0).truth();
      case Op::logical_and:
        return at(0).truth() && at(1).truth();
      case Op::logical_or:
        return at(0).truth() || at(1).truth();
      case Op::equal:
        return equal(at(0), at(1));
      case Op::unequal:
        return !equal(at(0), at(1));
      case Op::less:
        return compare(at(0), at(1)).value_or(0) < 0;
      case Op::more:
        return compare(at(0), at(1)).value_or(0) > 0;
      case Op::at_most:
        return compare(at(0), at(1)).value_or(1) <= 0;
      case Op::at_least:
        return compare(at(0), at(1)).value_or(-1) >= 0;
      case Op::in:
        return contains(at(1), at(0));
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
        return sum(node.op, at(0), at(1));
      case Op::call:
        return call(node);
    }
    return {};
  }

 private:
  Value named(const std::string& name) const {
    if (name == "today") return sys_days(civil_date(moment_.now));
    if (name == "time") return static_cast<double>(time_of_day(moment_.now).count());
    if (name == "commune") return moment_.commune.empty() ? Value() : Value(moment_.commune);
    return lookup_(name);
  }

  static Value sum(Op op, const Value& a, const Value& b) {
    const auto x = number_of(a), y = number_of(b);
    // What is not answered counts for nothing in a sum, and leaves a product open.
    if (op == Op::add || op == Op::subtract) {
      if ((!x && !a.absent()) || (!y && !b.absent()) || (!x && !y)) return {};
      return whole_number(op == Op::add ? x.value_or(0) + y.value_or(0)
                                        : x.value_or(0) - y.value_or(0));
    }
    if (!x || !y || (op == Op::divide && *y == 0)) return {};
    return whole_number(op == Op::multiply ? *x * *y : *x / *y);
  }

  template <typename Node>
  Value call(const Node& node) const {
    const auto at = [&](std::size_t i) { return (*this)(node.children[i]); };
    switch (node.function) {
      case Function::choose:
        return at(0).truth() ? at(1) : at(2);
      case Function::given:
        return !at(0).absent();
      case Function::count:
        return count(at(0));
      case Function::sum:
        return total(at(0));
      case Function::age:
        return age(at(0));
      case Function::days: {
        const auto from = date_of(at(0)), to = date_of(at(1));
        return from && to ? Value(static_cast<double>((*to - *from).count())) : Value();
      }
      case Function::lower: {
        const Value value = at(0);
        const std::string* text = text_of(value);
        return text != nullptr ? Value(text::fold(*text)) : Value();
      }
      case Function::starts: {
        const Value whole = at(0), beginning = at(1);
        const std::string *text = text_of(whole), *head = text_of(beginning);
        return text != nullptr && head != nullptr && text->starts_with(*head);
      }
      case Function::at: {
        const Value key = at(1);
        const std::string* text = text_of(key);
        return text != nullptr ? lookup_(node.children[0].name + "." + *text) : Value();
      }
      case Function::minutes:
        return minutes(at(0));
      case Function::each: {
        const std::string* part = text_of(node.children[1].literal);
        return part != nullptr ? lookup_(node.children[0].name + "[]." + *part) : Value();
      }
      case Function::add_days:
      case Function::add_months:
      case Function::add_working_days: {
        const auto day = moved(at(0), at(1), node.function, moment_);
        return day ? Value(*day) : Value();
      }
    }
    return {};
  }

  static Value count(const Value& value) {
    if (const List* list = std::get_if<List>(&value)) return static_cast<double>(list->size());
    if (const std::string* text = text_of(value))
      return static_cast<double>(std::ranges::count_if(
          *text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    return value.absent() ? 0.0 : 1.0;
  }

  static Value minutes(const Value& value) {
    const std::string* text = text_of(value);
    if (text == nullptr || text->size() != 5 || (*text)[2] != ':') return {};
    const auto hours = number_of(text->substr(0, 2)), rest = number_of(text->substr(3));
    if (!hours || !rest) return {};
    return *hours * 60 + *rest;
  }

  static Value total(const Value& value) {
    const List* list = std::get_if<List>(&value);
    if (list == nullptr) return {};
    double sum = 0;
    for (const Value& item : *list) sum += number_of(item).value_or(0);
    return whole_number(sum);
  }

  Value age(const Value& value) const {
    const auto born = date_of(value);
    if (!born) return {};
    const CivilDate birth(*born), today = civil_date(moment_.now);
    int years = static_cast<int>(today.year()) - static_cast<int>(birth.year());
    // Born on 29 February: a year older on 1 March, when the 28th has ended.
    if (today.month() / today.day() < birth.month() / birth.day()) --years;
    return years < 0 ? Value() : Value(static_cast<double>(years));
  }

  const Lookup& lookup_;
  const Moment& moment_;
};

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool goes_on_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

Value Expression::evaluate(const Lookup& lookup, const Moment& moment) const {
  return root_ ? Evaluator(lookup, moment)(*root_) : Value();
}

// Recursive descent, one function a level of precedence.
class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : text_(text) {}

  std::expected<Expression, Problem> read() {
    Expression out;
    Node root = disjunction();
    if (next() && fault_.empty()) fail(fmt::format("« {} » est en trop", rest()));
    if (!fault_.empty()) return std::unexpected(Problem{std::move(fault_)});
    collect(root, out);
    out.root_ = std::make_shared<const Node>(std::move(root));
    out.text_ = std::string(text_);
    return out;
  }

 private:
  using Node = Expression::Node;

  void fail(std::string what) {
    if (fault_.empty())
      fault_ = fmt::format(
          "condition illisible\u00a0: {}. Exemple\u00a0: motif == 'vol' and "
          "age(naissance) < 18.",
          what);
    at_ = text_.size();  // reading ends
  }
  std::string rest() const { return std::string(text::utf8_prefix(text_.substr(at_), 30)); }

  bool next() {  // skips white space; whether something is left
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'))
      ++at_;
    return at_ < text_.size();
  }
  bool take(std::string_view sign) {
    if (!next() || !text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  bool take_word(std::string_view word) {
    if (!next() || !text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && goes_on_name(text_[end])) return false;
    at_ = end;
    return true;
  }
  static Node node(Op op, Node a) {
    Node out{.op = op};
    out.children.push_back(std::move(a));
    return out;
  }
  static Node node(Op op, Node a, Node b) {
    Node out = node(op, std::move(a));
    out.children.push_back(std::move(b));
    return out;
  }

  Node disjunction() {
    if (++depth_ > kExpressionDepth) {
      fail("trop de parenthèses");
      return {};
    }
    Node left = conjunction();
    while (take_word("or")) left = grown(node(Op::logical_or, std::move(left), conjunction()));
    --depth_;
    return left;
  }
  Node conjunction() {
    Node left = negation();
    while (take_word("and")) left = grown(node(Op::logical_and, std::move(left), negation()));
    return left;
  }
  Node negation() {
    if (!take_word("not")) return comparison();
    if (++depth_ > kExpressionDepth) {
      fail("trop de « not »");
      return {};
    }
    Node out = node(Op::logical_not, negation());
    --depth_;
    return out;
  }
  Node comparison() {
    Node left = addition();
    if (take_word("not")) {
      if (take_word("in")) return node(Op::logical_not, node(Op::in, std::move(left), addition()));
      fail("« in » est attendu après « not »");
      return left;
    }
    static constexpr std::array kSigns = {
        std::pair{"==", Op::equal},    std::pair{"!=", Op::unequal}, std::pair{"<=", Op::at_most},
        std::pair{">=", Op::at_least}, std::pair{"<", Op::less},     std::pair{">", Op::more}};
    for (const auto& [sign, op] : kSigns)
      if (take(sign)) return node(op, std::move(left), addition());
    if (take_word("in")) return node(Op::in, std::move(left), addition());
    if (next() && text_[at_] == '=') fail("écrivez « == » pour comparer");
    return left;
  }
  Node addition() {
    Node left = product();
    for (;;) {
      if (take("+"))
        left = grown(node(Op::add, std::move(left), product()));
      else if (take("-"))
        left = grown(node(Op::subtract, std::move(left), product()));
      else
        return left;
    }
  }
  Node product() {
    Node left = sign();
    for (;;) {
      if (take("*"))
        left = grown(node(Op::multiply, std::move(left), sign()));
      else if (take("/"))
        left = grown(node(Op::divide, std::move(left), sign()));
      else
        return left;
    }
  }
  Node sign() {
    if (!take("-")) return primary();
    return node(Op::negate, primary());
  }

  // A chain "a + b + c …" nests to the left, where the recursion of the reader does not count it.
  Node grown(Node chain) {
    if (++links_ > kLinks) fail("trop long. Coupez-la en valeurs calculées");
    return chain;
  }

  Node primary() {
    if (!next()) {
      fail("il manque la fin");
      return {};
    }
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      Node inside = disjunction();
      if (!take(")")) fail("une parenthèse n’est pas fermée");
      return inside;
    }
    if (c == '[') return list();
    if (c == '\'' || c == '"') return quoted(c);
    if (c >= '0' && c <= '9') return number();
    if (starts_name(c)) return name();
    fail(fmt::format("« {} » n’est pas attendu", rest()));
    return {};
  }
  Node list() {
    ++at_;
    Node out{.op = Op::list};
    if (take("]")) return out;
    do out.children.push_back(disjunction());
    while (take(","));
    if (!take("]")) fail("un crochet n’est pas fermé");
    return out;
  }
  Node quoted(char quote) {
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) {
      fail("un guillemet n’est pas fermé");
      return {};
    }
    Node out{.literal = std::string(text_.substr(at_ + 1, end - at_ - 1))};
    at_ = end + 1;
    return out;
  }
  Node number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(),
                                              value, std::chars_format::fixed);
    if (error != std::errc()) {
      fail("nombre illisible");
      return {};
    }
    at_ = static_cast<std::size_t>(end - text_.data());
    return Node{.literal = value};
  }
  Node name() {
    std::size_t end = at_;
    while (end < text_.size() && goes_on_name(text_[end])) ++end;
    const std::string word(text_.substr(at_, end - at_));
    at_ = end;
    if (word == "true" || word == "false") return Node{.literal = word == "true"};
    if (take("(")) return call(word);
    Node out{.op = Op::name};
    out.name = word;
    return out;
  }
  Node call(const std::string& word) {
    const auto function = std::ranges::find(kFunctions, word, &Named::name);
    if (function == kFunctions.end()) {
      fail(fmt::format("« {}() » n’existe pas", text::utf8_prefix(word, 40)));
      return {};
    }
    Node out{.op = Op::call, .function = function->function};
    if (!take(")")) {
      do out.children.push_back(disjunction());
      while (take(","));
      if (!take(")")) fail("une parenthèse n’est pas fermée");
    }
    if (fault_.empty() && out.children.size() != function->arguments)
      fail(fmt::format("« {}() » attend {} valeur(s)", word, function->arguments));
    if (fault_.empty() && function->function == Function::each &&
        (out.children[0].op != Op::name || text_literal(out.children[1]) == nullptr))
      fail("« each() » attend un bloc et le nom d’une partie, entre guillemets");
    if (fault_.empty() && function->function == Function::at && out.children[0].op != Op::name)
      fail("« at() » attend le nom d’un tableau de « settings » et une clé");
    return out;
  }

  static const std::string* text_literal(const Node& node) {
    return node.op == Op::literal ? text_of(node.literal) : nullptr;
  }

  static void collect(const Node& node, Expression& out) {
    if (node.op == Op::name && node.name != "today" && node.name != "time" &&
        node.name != "commune" && std::ranges::find(out.names_, node.name) == out.names_.end())
      out.names_.push_back(node.name);
    const bool compares = node.op == Op::equal || node.op == Op::unequal || node.op == Op::in;
    if (compares)
      for (const auto [a, b] : {std::pair(0, 1), std::pair(1, 0)}) {
        const Node& name = node.children[static_cast<std::size_t>(a)];
        const Node& other = node.children[static_cast<std::size_t>(b)];
        if (name.op != Op::name) continue;
        // 'x' in name: a choice among several; name in ['x', 'y']: one of them.
        if (const std::string* text = text_literal(other))
          out.compared_.push_back({name.name, *text});
        if (other.op == Op::list)
          for (const Node& item : other.children)
            if (const std::string* text = text_literal(item))
              out.compared_.push_back({name.name, *text});
      }
    for (const Node& child : node.children) collect(child, out);
  }

  static constexpr int kLinks = 200;
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int links_ = 0;
  std::string fault_;
};

std::expected<Expression, Problem> read_expression(std::string_view text) {
  if (text.size() > kExpressionBytes)
    return std::unexpected(Problem{"condition trop longue. Coupez-la en valeurs calculées."});
  return ExpressionReader(text).read();
}

}  // namespace parvis::procedure
