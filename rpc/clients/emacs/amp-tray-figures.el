;;; amp-tray-figures.el --- Figures and harmless text for amp-tray  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Figures as people read them, in the words of the tray: money, short counts, ages.  Counts and
;; amounts are those of the service's documents, decoded as plists.  Text of users (titles,
;; projects, names of models) passes through `amp-tray-figures-clean' before it is shown: the
;; service cleans it already, but any program may sit at the socket.

;;; Code:

(require 'subr-x)

(defconst amp-tray-figures--units '((1e3 . "k") (1e6 . "M") (1e9 . "B") (1e12 . "T")))

(defconst amp-tray-figures--periods '(("daily" . "day") ("weekly" . "week") ("monthly" . "month")))

(defconst amp-tray-figures--levels '(("near" . "nearly used up") ("over" . "used up")))

(defconst amp-tray-figures--escapes
  (concat "\\(?:\e[]PX^_]\\|[\u0090\u0098\u009d-\u009f]\\)" ; strings up to their end
          "[^\a\e\u009c]*\\(?:\a\\|\e\\\\\\|\u009c\\)?"
          "\\|\\(?:\e\\[\\|\u009b\\)[0-?]*[ -/]*[@-~]?"
          "\\|\e[ -/]*[0-~]?")
  "Escape sequences: left out whole, so that no rest such as \"[31m\" stays.")

(defconst amp-tray-figures--zero-width-joiner #x200d
  "A format character that stays: emoji and several scripts are spelled with it.")

(defun amp-tray-figures-number (value)
  "Return VALUE, or 0 where it is no number: a figure must not break a mode line."
  (if (numberp value) value 0))

(defun amp-tray-figures--decimal (value places)
  "Return VALUE with PLACES decimals, rounded half up, and its thousands apart."
  (let* ((scale (expt 10 places))
         ;; The billionth mends what a binary float lacks.
         (text (format (format "%%.%df" places)
                       (/ (ffloor (+ (* value scale) 0.5 1e-9)) scale))))
    (while (string-match "\\`\\([0-9]+\\)\\([0-9]\\{3\\}\\)\\([,.].*\\)?\\'" text)
      (setq text (replace-match "\\1,\\2\\3" t nil text)))
    text))

(defun amp-tray-figures-money (usd)
  "Return USD as `$1,234.56', an amount that would round away as `<$0.01'."
  (setq usd (amp-tray-figures-number usd))
  (if (and (> usd 0) (< usd 0.01))
      "<$0.01"
    (concat "$" (amp-tray-figures--decimal usd 2))))

(defun amp-tray-figures-short-number (count)
  "Return COUNT as `77', `45.1k', `3.2M' or `1.0B'."
  (setq count (amp-tray-figures-number count))
  (if (< count 1000)
      (format "%d" count)
    (or (seq-some
         (lambda (unit)
           (let ((scaled (/ (ffloor (+ (* (/ count (car unit)) 10) 0.5 1e-9)) 10)))
             (and (< scaled 1000) (format "%.1f%s" scaled (cdr unit)))))
         amp-tray-figures--units)
        (concat (amp-tray-figures--decimal (/ count 1e12) 0) "T"))))

(defun amp-tray-figures--plural (count one)
  "Return COUNT with its unit, which is ONE for 1."
  (concat (amp-tray-figures-short-number count) " " one (if (= count 1) "" "s")))

(defun amp-tray-figures-tokens (count)
  "Return COUNT as `3.2M tokens'."
  (amp-tray-figures--plural (amp-tray-figures-number count) "token"))

(defun amp-tray-figures-credits (amount)
  "Return AMOUNT as `45.1 credits'."
  (setq amount (amp-tray-figures-number amount))
  (if (and (> amount 0) (< amount 0.1))
      "<0.1 credits"
    (concat (amp-tray-figures--decimal amount 1) " credits")))

(defun amp-tray-figures-cost (counts)
  "Return the cost of COUNTS; tokens without a known price are named, not free."
  (let ((unpriced (amp-tray-figures-number (plist-get counts :unpricedTokens)))
        (usd (amp-tray-figures-money (plist-get counts :totalCost))))
    (if (= unpriced 0)
        usd
      (format "%s + %s unpriced %s" usd (amp-tray-figures-short-number unpriced)
              (if (= unpriced 1) "token" "tokens")))))

(defun amp-tray-figures-short-cost (counts)
  "Return the cost of COUNTS where there is little room: `$1.20 +?'."
  (concat (amp-tray-figures-money (plist-get counts :totalCost))
          (if (> (amp-tray-figures-number (plist-get counts :unpricedTokens)) 0) " +?" "")))

(defun amp-tray-figures-usage (counts)
  "Return COUNTS as `$12.34 · 3.2M tokens · 45.1 credits'.
No credits recorded is not 0 credits."
  (let ((credits (plist-get counts :credits)))
    (concat (amp-tray-figures-cost counts) " · "
            (amp-tray-figures-tokens (plist-get counts :totalTokens))
            (if (> (amp-tray-figures-number credits) 0)
                (concat " · " (amp-tray-figures-credits credits))
              ""))))

(defun amp-tray-figures-month (key)
  "Return `Nov' for the KEY `2026-11', the empty string for anything else."
  (if (and (stringp key) (string-match "\\`[0-9]+-\\(0[1-9]\\|1[0-2]\\)\\'" key))
      (nth (1- (string-to-number (match-string 1 key)))
           '("Jan" "Feb" "Mar" "Apr" "May" "Jun" "Jul" "Aug" "Sep" "Oct" "Nov" "Dec"))
    ""))

(defun amp-tray-figures-budget (row)
  "Return `day nearly used up' for a ROW of budgets, nil while all is well."
  (let ((level (assoc-default (plist-get row :level) amp-tray-figures--levels)))
    (and level
         (concat (or (assoc-default (plist-get row :period) amp-tray-figures--periods) "budget")
                 " " level))))

(defun amp-tray-figures-instant (text)
  "Return TEXT, an instant of the service, as seconds since the epoch, or nil."
  (and (stringp text) (ignore-errors (float-time (date-to-time text)))))

(defun amp-tray-figures-ago (text now)
  "Return how old the instant TEXT is at NOW, in seconds since the epoch."
  (let* ((instant (amp-tray-figures-instant text))
         (age (and instant (- now instant))))
    (cond ((not age) "not recorded")
          ((< age 60) "just now")
          ((< age 3600) (format "%d min ago" (floor age 60)))
          ((< age 86400) (concat (amp-tray-figures--plural (floor age 3600) "hour") " ago"))
          (t (concat (amp-tray-figures--plural (floor age 86400) "day") " ago")))))

(defun amp-tray-figures--visible (char)
  "Return CHAR as a string: a blank for white space, nothing if it is hidden."
  (let ((category (get-char-code-property char 'general-category)))
    (cond ((= char amp-tray-figures--zero-width-joiner) (string char))
          ((or (memq category '(Zs Zl Zp)) (memq char '(9 10 11 12 13 28 29 30 31 #x85))) " ")
          ((or (> char #x10ffff) (memq category '(Cc Cf Cs Co))) "")
          (t (string char)))))

(defun amp-tray-figures-clean (text limit)
  "Return TEXT as one harmless line of at most LIMIT characters."
  (if (not (stringp text))
      ""
    (let* ((head (substring text 0 (min (length text) (* limit 8))))
           (plain (replace-regexp-in-string amp-tray-figures--escapes "" head t t))
           (line (string-trim (replace-regexp-in-string
                               " +" " " (mapconcat #'amp-tray-figures--visible plain "") t t))))
      (if (<= (length line) limit)
          line
        (concat (string-trim-right (substring line 0 (1- limit))) "…")))))

(provide 'amp-tray-figures)
;;; amp-tray-figures.el ends here
