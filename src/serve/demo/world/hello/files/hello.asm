; hello [NAME]: prints a greeting. The name is copied, then printed between greeting and tail.
.room 16                        ; bytes for the name; the tail follows them in memory

        argument                ; from = the first argument, or nothing
        jump-if-argument copy
        use-world               ; from = "world"
copy:
        start-name              ; into = name
next:
        letter                  ; letter = *from++
        jump-if-end print
        keep                    ; *into++ = letter
        jump next
print:
        write-greeting
        write-name
        write-tail
        exit
