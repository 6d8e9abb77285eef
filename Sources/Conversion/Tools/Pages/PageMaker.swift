/// Makes files of pages by a browser that stays, and has no calls of its own.
package protocol PageMaker: ProgramMaker {}
