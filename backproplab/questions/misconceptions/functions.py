"""Mistakes in the derivative of one function."""
import numpy as np

from .declare import Case, misconception, rule

misconception(
    "trig-sign", rule("sin", 0, lambda g, out, x: -g * np.cos(x)), rule("cos", 0, lambda g, out, x: g * np.sin(x)), family="sign",
    reason="The sign of the derivative of {operation} is turned round in {subject}.",
    action="The derivative of sin is cos, that of cos is −sin: here the local derivative is {local}.",
    recognises=Case("a = np.cos(x); y = 3 * a", {"x": 0.7}, "x", 1.932653), refuses=Case("a = np.cos(x); y = 3 * a", {"x": 0.7}, "x", 2.294527))

misconception(
    "trig-same", rule("sin cos", 0, lambda g, out, x: g * out),
    title="a sine or cosine is kept as its own derivative",
    reason="{subject} keeps {operation} as its own derivative.",
    action="The derivative of sin is cos, that of cos is −sin: here the local derivative is {local}.",
    recognises=Case("a = np.cos(x); y = 3 * a", {"x": 0.7}, "x", 2.294527), refuses=Case("a = np.cos(x); y = 3 * a", {"x": 0.7}, "x", 1.932653))

misconception(
    "exp-power", rule("exp", 0, lambda g, out, x: g * x * np.exp(x - 1)),
    title="the rule for powers is used on an exponential",
    reason="{subject} uses the rule for powers on an exponential.",
    action="In {consumer} the variable is the exponent: the derivative of exp is exp again, {local}.",
    recognises=Case("a = np.exp(x); y = 3 * a", {"x": 0.7}, "x", 1.555718), refuses=Case("a = np.exp(x); y = 3 * a", {"x": 0.7}, "x", 2.1))

misconception(
    "exp-arg", rule("exp", 0, lambda g, out, x: g * x),
    title="the exponent is used as the derivative of exp",
    reason="{subject} uses the exponent itself as the derivative of exp.",
    action="The derivative of exp is exp again: {local}.",
    recognises=Case("a = np.exp(x); y = 3 * a", {"x": 0.7}, "x", 2.1), refuses=Case("a = np.exp(x); y = 3 * a", {"x": 0.7}, "x", 1.555718))

misconception(
    "log-out", rule("log", 0, lambda g, out, x: g / out),
    title="the gradient is divided by the logarithm in place of what is inside",
    reason="{subject} divides by the logarithm; the derivative of a logarithm is one over what is inside.",
    action="Divide by the input, not by the output: the local derivative is {local}.",
    recognises=Case("a = np.log(x); y = 3 * a", {"x": 1.7}, "x", 5.653676), refuses=Case("a = np.log(x); y = 3 * a", {"x": 1.7}, "x", 1.591885))

misconception(
    "at-output",
    rule("sin", 0, lambda g, out, x: g * np.cos(out)), rule("cos", 0, lambda g, out, x: -g * np.sin(out)),
    rule("exp", 0, lambda g, out, x: g * np.exp(out)),
    rule("tanh", 0, lambda g, out, x: g * (1 - np.tanh(out)**2)), rule("square", 0, lambda g, out, x: g * 2 * out),
    rule("power", 0, lambda g, out, x, y: g * y * out**(y - 1)), rule("sqrt", 0, lambda g, out, x: g / (2 * np.sqrt(out))),
    title="a derivative is taken at the output in place of the input",
    reason="{subject} takes the derivative of {operation} at its output, {consumer}.",
    action="Take it at the input {at}: {local}.",
    recognises=Case("a = np.sin(x); y = 3 * a", {"x": 0.7}, "x", 2.398710), refuses=Case("a = np.sin(x); y = 3 * a", {"x": 0.7}, "x", 1.932653))

misconception(
    "tanh-var", rule("tanh", 0, lambda g, out, x: g * (1 - x**2), "input"), rule("tanh", 0, lambda g, out, x: g * (1 - out), "not squared"),
    title="the derivative of tanh has another form",
    reason="The derivative of tanh is one minus the square of its output; {subject} has another form.",
    action="Square {consumer} and take it from 1: {local}.",
    says={"input": ("{subject} is one minus the square of the input of tanh.", "Square the output {consumer} instead, and take it from 1: {local}."),
          "not squared": ("{subject} is one minus the output of tanh: the square is missing.", "Square {consumer} first: {local}.")},
    recognises=Case("a = np.tanh(x); y = 3 * a", {"x": 0.7}, "x", 1.53), refuses=Case("a = np.tanh(x); y = 3 * a", {"x": 0.7}, "x", 1.813103))

misconception(
    "power-rule",
    rule("square", 0, lambda g, out, x: g * x, "exponent lost"), rule("power", 0, lambda g, out, x, y: g * x**(y - 1), "exponent lost"),
    rule("square", 0, lambda g, out, x: g * 2, "base lost"), rule("power", 0, lambda g, out, x, y: g * y, "base lost"),
    rule("power", 0, lambda g, out, x, y: g * y * x**y, "exponent kept"),
    rule("sqrt", 0, lambda g, out, x: g / out, "exponent lost"), rule("sqrt", 0, lambda g, out, x: g * out / 2, "exponent kept"),
    title="a part of the power rule is lost",
    reason="{subject} lost a part of the power rule for {operation}.",
    action="Bring the exponent down and lower it by one: here the local derivative is {local}.",
    says={"exponent lost": ("{subject} lowers the exponent of {operation} but does not bring it down as a factor.",
                            "The local derivative is {local}."),
          "base lost": ("{subject} brings the exponent of {operation} down and loses what it stood on.", "The local derivative is {local}."),
          "exponent kept": ("{subject} brings the exponent of {operation} down and does not lower it by one.", "The local derivative is {local}.")},
    recognises=Case("a = np.square(x); y = 3 * a", {"x": 0.7}, "x", 2.1), refuses=Case("a = np.exp(x); y = 3 * a", {"x": 0.7}, "x", 2.1))

misconception(
    "sig-var",
    rule("sigmoid", 0, lambda g, out, x: g * x * (1 - x), "input"), rule("sigmoid", 0, lambda g, out, x: g * out, "s"),
    rule("sigmoid", 0, lambda g, out, x: g * (1 - out), "1 - s"), rule("sigmoid", 0, lambda g, out, x: g * out**2, "s squared"),
    title="the derivative of the sigmoid has another form",
    reason="The derivative of the sigmoid is s (1 − s) with s its output; {subject} has another form.",
    action="With s = {consumer_is} the local derivative is {local}.",
    says={"input": ("{subject} puts the input of the sigmoid into s (1 − s).",
                    "There, s is the output: {consumer_is}, so the local derivative is {local}."),
          "s": ("{subject} has s where s (1 − s) belongs.",
                "Multiply by 1 − s as well: with s = {consumer_is} the local derivative is {local}."),
          "1 - s": ("{subject} has 1 − s where s (1 − s) belongs.",
                    "Multiply by s as well: with s = {consumer_is} the local derivative is {local}."),
          "s squared": ("{subject} has s squared where s (1 − s) belongs.", "With s = {consumer_is} the local derivative is {local}.")},
    recognises=Case("s = sigmoid(x); y = 3 * s", {"x": 0.7}, "x", 0.63), refuses=Case("s = np.tanh(x); y = 3 * s", {"x": 0.7}, "x", 0.63))

misconception(
    "relu-mask",
    rule("relu", 0, lambda g, out, x: np.where(np.asarray(g) > 0, g, 0.0), "mask of g"), rule("relu", 0, lambda g, out, x: g, "no mask"),
    rule("relu", 0, lambda g, out, x: g * np.maximum(x, 0), "value"),
    title="the mask of a ReLU is another one",
    reason="ReLU lets the gradient through where its input is positive and nowhere else; {subject} fits another rule.",
    action="Look at the sign of {at}: the local derivative is {local}.",
    says={"mask of g": ("{subject} keeps what is positive of the gradient; ReLU looks at its input.",
                        "Look at the sign of {at}: the local derivative is {local}."),
          "no mask": ("{subject} lets the gradient through although {at} is not positive everywhere.",
                      "Where {at} is not positive, 0 comes back: the local derivative is {local}."),
          "value": ("{subject} multiplies by the value of {consumer}, not by the slope of ReLU.",
                    "The slope is 1 where {at} is positive, 0 elsewhere: {local}.")},
    recognises=Case("r = relu(x); y = 3 * r", {"x": 0.7}, "x", 2.1), refuses=Case("r = np.tanh(x); y = 3 * r", {"x": 0.7}, "x", 2.1))

misconception(
    "abs-sign", rule("absolute", 0, lambda g, out, x: g), rule("absolute", 0, lambda g, out, x: -g, "turned"), family="sign",
    reason="{subject} has the wrong sign: the absolute value falls where {at} is negative and grows where it is positive.",
    action="Use the sign of {at}, {local}.",
    recognises=Case("a = np.abs(x); b = a * a; y = 3 * b", {"x": -0.7}, "x", 4.2),
    refuses=Case("a = np.square(x); b = a * a; y = 3 * b", {"x": -0.7}, "x", 1.4))
